// @ts-check
// Who is logged in.

import { ask, getJson, loggedOut, Problem, untilAnswered } from "./api.js"
import { connection } from "./connection.js"
import { forgetApi } from "./kinds.js"

/** @typedef {import("./types.js").Me} Me */

class Login extends EventTarget {
    /** @type {Me | undefined} */
    me
    /** True once it is known whether somebody is logged in. */
    isKnown = false
    /** Why there is nobody, in a sentence. */
    why = ""

    constructor() {
        super()
        loggedOut.addEventListener("logged-out", () => {
            if (this.me) this.#leave("You were logged out: the log-in has expired or was taken back.")
        })
    }

    /** Uses the one-time link if the address is one, and otherwise asks who is logged in already. */
    async begin() {
        const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1]
        // At once: what is in the address is in the history, and on the screen.
        if (code) history.replaceState(null, "", location.pathname)
        try {
            if (code) await this.logIn({ code })
            else this.#enter(await untilAnswered(() => getJson("/console/me")))
        } catch (fault) {
            // An old link does not throw out a browser that is logged in.
            const stands = code ? await getJson("/console/me").catch(() => undefined) : undefined
            if (stands) this.#enter(/** @type {Me} */ (stands))
            else this.#leave(fault instanceof Problem && (code || fault.status !== 401) ? fault.message : "")
        }
    }

    /** @param {{ code: string } | { key: string }} proof */
    async logIn(proof) {
        const response = await ask("POST", "/console/login", { body: proof })
        this.#enter(await response.json())
    }

    async logOut() {
        await ask("POST", "/console/logout", { body: {} })
        this.#leave("You are logged out.")
    }

    /** @param {Me} me */
    #enter(me) {
        this.me = me
        this.isKnown = true
        this.why = ""
        forgetApi()
        connection.setLoggedOut(false)
        this.dispatchEvent(new Event("change"))
    }

    /** @param {string} why */
    #leave(why) {
        this.me = undefined
        this.isKnown = true
        this.why = why
        connection.setLoggedOut(true)
        this.dispatchEvent(new Event("change"))
    }
}

export const login = new Login()
