// @ts-check
// How the page stands with the server: what the banner shows.

/**
 * @typedef {object} State
 * @property {"live" | "connecting" | "reconnecting" | "stopping" | "caught-up" | "logged-out"} is
 * @property {number} [since] When it began.
 * @property {number} [nextTry] When it is tried again.
 * @property {string} [says] The server's own sentence, if it answered at all.
 * @property {string} [missed] What was caught up with, such as "3 events".
 */

const caughtUpShownFor = 8000

class Connection extends EventTarget {
    /** Each live reading, and how it stands. @type {Map<object, State>} */
    #readings = new Map()
    /** @type {State | undefined} */
    #news
    #isLoggedOut = false
    #timer = 0

    /** The worst of all readings. @returns {State} */
    get state() {
        if (this.#isLoggedOut) return { is: "logged-out" }
        const all = [...this.#readings.values()]
        const worst = (/** @type {State["is"]} */ is) => all.find((each) => each.is === is)
        return worst("stopping") ?? worst("reconnecting") ?? this.#news ?? worst("connecting") ?? { is: "live" }
    }

    /**
     * @param {object} reading
     * @param {State} state
     */
    tell(reading, state) {
        this.#readings.set(reading, state)
        this.#changed()
    }

    /** @param {object} reading */
    forget(reading) {
        if (this.#readings.delete(reading)) this.#changed()
    }

    /** A reading is back, and has what it missed. @param {string} missed */
    caughtUp(missed) {
        clearTimeout(this.#timer)
        this.#news = { is: "caught-up", missed }
        this.#timer = window.setTimeout(() => {
            this.#news = undefined
            this.#changed()
        }, caughtUpShownFor)
        this.#changed()
    }

    /** @param {boolean} isIt */
    setLoggedOut(isIt) {
        this.#isLoggedOut = isIt
        this.#changed()
    }

    #changed() {
        this.dispatchEvent(new Event("change"))
    }
}

export const connection = new Connection()
