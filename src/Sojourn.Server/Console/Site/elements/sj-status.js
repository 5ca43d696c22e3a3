// @ts-check
import { html, svg } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"

const shapes = {
    open: svg`<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>`,
    busy: svg`<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>
        <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor"/>`,
    waiting: svg`<path d="M6 1.5v5.2" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>
        <circle cx="6" cy="10" r="1.4" fill="currentColor"/>`,
    final: svg`<rect x="2" y="2" width="8" height="8" rx="1.5" fill="currentColor"/>`,
    failed: svg`<path d="M2.5 2.5l7 7m0-7l-7 7" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>`,
    damaged: svg`<path d="M6 1l5.5 10H.5z" fill="currentColor"/>`,
}

const badWords = /^(failed|error|crashed|broken|lost)/

/** A status: its word, and a shape that says of which sort it is. */
export class SjStatus extends SjElement {
    static properties = { status: {}, busy: { type: Boolean }, final: { type: Boolean } }

    constructor() {
        super()
        this.status = ""
        this.busy = false
        this.final = false
    }

    get #shape() {
        if (this.status === "damaged") return "damaged"
        if (badWords.test(this.status)) return "failed"
        // Somebody is asked; that it is busy says nothing then.
        if (this.status === "waiting") return "waiting"
        return this.busy ? "busy" : this.final ? "final" : "open"
    }

    render() {
        const shape = this.#shape
        return html`<span class="status" data-shape=${shape}>
            <svg viewBox="0 0 12 12" aria-hidden="true">${shapes[shape]}</svg><span>${this.status}</span></span>`
    }
}

customElements.define("sj-status", SjStatus)
