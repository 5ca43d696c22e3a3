// @ts-check
// Times for people: relative, and told anew as they pass.

const second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour

const plain = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" })
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" })

/** @param {number} milliseconds */
export function duration(milliseconds) {
    const length = Math.abs(milliseconds)
    if (length < minute) return `${Math.floor(length / second)} s`
    if (length < hour) return `${Math.floor(length / minute)} min`
    if (length < 2 * day) return `${Math.floor(length / hour)} h ${Math.floor(length % hour / minute)} min`
    return `${Math.floor(length / day)} days`
}

/**
 * @param {string} time
 * @param {number} [now]
 */
export function relative(time, now = Date.now()) {
    const passed = now - Date.parse(time)
    if (Math.abs(passed) < 2 * second) return "just now"
    return passed > 0 ? `${duration(passed)} ago` : `in ${duration(passed)}`
}

/** @param {string} time */
export const exact = (time) => plain.format(new Date(time))

/** In order as a text; with its zone's letter a time that has fewer digits would come too late. @param {string} time */
export const sortable = (time) => time.replace("Z", "")

/** The time of day. @param {string} time */
export const ofDay = (time) => clock.format(new Date(time))

/** Ticks each second while anything on the page shows a time. */
class Ticker extends EventTarget {
    #users = 0
    #timer = 0

    /**
     * @param {() => void} tell
     * @param {AbortSignal} signal Ends it.
     */
    add(tell, signal) {
        this.addEventListener("tick", tell, { signal })
        signal.addEventListener("abort", () => this.#leave(), { once: true })
        if (this.#users++ === 0) {
            this.#timer = window.setInterval(() => {
                if (!document.hidden) this.dispatchEvent(new Event("tick"))
            }, second)
        }
    }

    #leave() {
        if (--this.#users === 0) clearInterval(this.#timer)
    }
}

export const ticker = new Ticker()
