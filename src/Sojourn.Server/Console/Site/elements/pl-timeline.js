// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { toasts } from "../lib/toasts.js"
import { words } from "../lib/play.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/types.js").SessionEvent} SessionEvent */

/** What the eye is to find first. */
const tones = /** @type {Record<string, string>} */ ({
    "play-started": "good", "save-done": "save", "checkpoint-made": "save", "play-recovered": "good",
    "play-interrupted": "bad", "save-not-done": "bad", "recovery-not-done": "bad", "play-ended": "end",
    "play-archived": "end",
})

/** That it is due is of interest to the game alone; what came of it follows. */
const unshown = ["checkpoint-due", "auto-save-due"]

/** What happened in a play, newest first, as it happens. */
export class PlTimeline extends SjElement {
    static properties = { of: { attribute: false }, events: { attribute: false } }

    #isLoading = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {SessionEvent[]} */
        this.events = []
    }

    render() {
        const shown = this.events.filter(({ type }) => !unshown.includes(type)).toReversed()
        const first = this.of?.firstEvent ?? 0
        return html`<section class="card timeline" aria-labelledby="timeline-title">
            <div class="section-head"><h2 id="timeline-title">What happened</h2>
                <p class="muted small" role="status">live</p></div>
            ${shown.length === 0 ? html`<p class="muted">Nothing yet.</p>`
                : html`<ol tabindex="0" role="list" aria-labelledby="timeline-title">
                    ${repeat(shown, ({ offset }) => offset, row)}</ol>`}
            ${first > 1 && (this.of?.lostEvents ?? 0) < first - 1 ? html`<p class="actions">
                <button ?disabled=${this.#isLoading} @click=${this.#loadOlder}>Load older</button></p>` : nothing}
        </section>`
    }

    async #loadOlder() {
        this.#isLoading = true
        this.requestUpdate()
        try {
            await this.of?.loadOlder()
        } catch (fault) {
            toasts.bad(fault)
        }
        this.#isLoading = false
        this.requestUpdate()
    }
}

/** @param {SessionEvent} event */
function row(event) {
    const { text } = /** @type {{ text?: string }} */ (event.data)
    return html`<li data-tone=${tones[event.type] ?? "plain"} data-type=${event.type}>
        <span>${text ?? words(event.type)}</span>
        <span class="muted small"><sj-time at=${event.at}></sj-time></span></li>`
}

customElements.define("pl-timeline", PlTimeline)
