// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { connection } from "../lib/connection.js"
import { duration, ticker } from "../lib/times.js"
import { SjElement } from "./sj-element.js"

/** Breaks that are mended sooner than this are nobody's business. */
const shownAfter = 700

/** Says how the page stands with the server, when that is not well or has just become so. */
export class SjBanner extends SjElement {
    #timer = 0

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.watch(connection, signal)
        const tell = () => {
            if (connection.state.is === "reconnecting") this.requestUpdate()
        }
        ticker.add(tell, signal)
    }

    render() {
        // The words that are read out do not change with each second; the seconds are beside them.
        return html`<div role="status">${this.#shown()}</div>`
    }

    #shown() {
        const state = connection.state
        switch (state.is) {
            case "reconnecting": {
                const since = state.since ?? Date.now()
                clearTimeout(this.#timer)
                if (Date.now() - since < shownAfter) {
                    this.#timer = window.setTimeout(() => this.requestUpdate(), shownAfter)
                    return nothing
                }
                const why = state.says || "The server cannot be reached."
                return bar("bad", `Reconnecting. ${why} What you see may be out of date.`, html`
                    <span class="muted" aria-hidden="true">for ${duration(Date.now() - since)}${state.nextTry
                        ? `, next try in ${Math.max(0, Math.ceil((state.nextTry - Date.now()) / 1000))} s` : ""}</span>
                    <button @click=${tryNow}>Try now</button>`)
            }
            case "stopping":
                return bar("warn", "The server is stopping, or starting anew. "
                    + "This page goes on by itself when it is back.")
            case "caught-up":
                return bar("good", `Back again. Caught up: ${state.missed} missed.`)
            default:
                return nothing
        }
    }
}

const tryNow = () => window.dispatchEvent(new Event("sojourn-try-now"))

/**
 * @param {"good" | "warn" | "bad"} tone
 * @param {string} says
 * @param {unknown} [more]
 */
const bar = (tone, says, more = nothing) =>
    html`<div class="banner" data-tone=${tone}><span>${says}</span>${more}</div>`

customElements.define("sj-banner", SjBanner)
