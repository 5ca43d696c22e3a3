// @ts-check
// Short notes at the edge of the page: what was done, and what was refused, in the server's own sentence.

import { isAbort, sentence } from "./api.js"

/** @typedef {{ id: number, tone: "good" | "bad", text: string }} Toast */

const shownFor = { good: 5000, bad: 15_000 }
const most = 4

class Toasts extends EventTarget {
    /** @type {Toast[]} */
    all = []
    #last = 0

    /** @param {string} text */
    good(text) {
        this.#add("good", text)
    }

    /** @param {unknown} fault */
    bad(fault) {
        if (!isAbort(fault)) this.#add("bad", sentence(fault))
    }

    /** @param {number} id */
    dismiss(id) {
        this.all = this.all.filter((toast) => toast.id !== id)
        this.dispatchEvent(new Event("change"))
    }

    /**
     * @param {"good" | "bad"} tone
     * @param {string} text
     */
    #add(tone, text) {
        const id = ++this.#last
        this.all = [...this.all, { id, tone, text }].slice(-most)
        this.dispatchEvent(new Event("change"))
        setTimeout(() => this.dismiss(id), shownFor[tone])
    }
}

export const toasts = new Toasts()
