// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/types.js").SessionEvent} SessionEvent */

/** What the eye is to find first. */
const tones = /** @type {Record<string, string>} */ ({
    "member-joined": "good", "member-returned": "good", "member-gone": "bad", "said": "save", "party-ended": "end",
})

/** What happened in a party and what was said, newest first, as it happens. */
export class PtLog extends SjElement {
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
        const first = this.of?.firstEvent ?? 0
        return html`<section class="card timeline" aria-labelledby="party-log-title">
            <div class="section-head"><h2 id="party-log-title">What happened</h2>
                <p class="muted small" role="status">live</p></div>
            ${this.events.length === 0 ? html`<p class="muted">Nothing yet.</p>`
                : html`<ol tabindex="0" role="list" aria-labelledby="party-log-title">
                    ${repeat(this.events.toReversed(), ({ offset }) => offset, row)}</ol>`}
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
function row({ type, at, data }) {
    const { text, name, line } = /** @type {Record<string, string>} */ (data)
    return html`<li data-tone=${tones[type] ?? "plain"} data-type=${type}>
        <span>${type === "said" ? html`<strong>${name}</strong> says: ${line}` : text}</span>
        <span class="muted small"><sj-time at=${at}></sj-time></span></li>`
}

customElements.define("pt-log", PtLog)
