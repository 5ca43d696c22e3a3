// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { count, plural } from "../lib/numbers.js"
import { numberOf } from "../lib/session-watch.js"
import { exact, ofDay } from "../lib/times.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/types.js").SessionEvent} SessionEvent */

const longest = 200

/** The event log, newest first, as it grows. */
export class SjEvents extends SjElement {
    static properties = { of: { attribute: false }, events: { attribute: false } }

    #sought = ""
    /** What was there when it was paused. @type {SessionEvent[] | undefined} */
    #held
    /** Shown whole, by offset. @type {Set<string>} */
    #opened = new Set()
    #isLoading = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {SessionEvent[]} */
        this.events = []
    }

    render() {
        const events = this.#held ?? this.events
        const shown = events.filter((event) => this.#fits(event)).toReversed()
        const newest = this.#held?.at(-1)?.offset ?? ""
        const waiting = this.#held ? this.events.filter((event) => event.offset > newest) : []
        return html`
            <div class="section-head">
                <h2 id="events-title">Events</h2>
                <p class="muted small" role="status">${this.#held
                    ? html`paused, <span>${plural(waiting.length, "new event")}</span> since` : "live"}</p>
                <div class="spacer"></div>
                <input type="search" aria-label="Search these events" placeholder="Search events ( / )"
                    @input=${this.#seek}>
                <button aria-pressed=${this.#held !== undefined} @click=${this.#pause}>
                    ${this.#held ? "Go on" : "Pause"}</button>
            </div>
            <div class="table-box log" tabindex="0" role="region" aria-label="The event log">
                <table>
                    <caption class="hidden">Events, newest first</caption>
                    <thead><tr><th scope="col" class="number">No.</th><th scope="col">At</th><th scope="col">Type</th>
                        <th scope="col" class="number">Version</th><th scope="col">Data</th></tr></thead>
                    <tbody>${repeat(shown, (event) => event.offset, (event) => this.#row(event))}</tbody>
                </table>
                ${shown.length === 0 ? html`<p class="muted none">${this.#sought
                    ? `None of the ${plural(events.length, "event")} here has that in it.`
                    : "Nothing has happened yet. What happens appears here by itself."}</p>` : nothing}
            </div>
            ${this.#rest()}`
    }

    #rest() {
        const first = this.of?.firstEvent ?? 0
        const lost = this.of?.lostEvents ?? 0
        if (first <= 1) return nothing
        const before = first - 1
        if (lost >= before) return html`<p class="muted small">${plural(before, "older event")} no longer kept.</p>`
        const room = this.of?.room ?? 0
        const rest = this.events.length >= room ? `; the newest ${count(room)} are kept here` : ""
        return html`<p class="actions">
            <button ?disabled=${this.#isLoading} @click=${this.#loadOlder}>Load older</button>
            <span class="muted small">${count(before)} before these${rest}</span></p>`
    }

    /** @param {SessionEvent} event */
    #row(event) {
        const text = JSON.stringify(event.data)
        const isLong = text.length > longest
        const isOpen = this.#opened.has(event.offset)
        return html`<tr>
            <td class="number mono" title="Offset ${event.offset}">${numberOf(event.offset)}</td>
            <td><time datetime=${event.at} title=${exact(event.at)}>${ofDay(event.at)}</time></td>
            <th scope="row">${event.type}</th>
            <td class="number">${event.version}</td>
            <td class="data">${isOpen ? html`<pre>${JSON.stringify(event.data, null, 2)}</pre>`
                : html`<span class="mono">${isLong ? text.slice(0, longest) + "…" : text}</span>`}
                ${isLong || isOpen ? html`<button class="plain more" aria-expanded=${isOpen}
                    @click=${() => this.#open(event.offset, !isOpen)}>
                    ${isOpen ? "less" : "more"}</button>` : nothing}</td>
        </tr>`
    }

    /** @param {SessionEvent} event */
    #fits(event) {
        return this.#sought === ""
            || event.type.toLowerCase().includes(this.#sought)
            || JSON.stringify(event.data).toLowerCase().includes(this.#sought)
            || String(numberOf(event.offset)) === this.#sought
    }

    /** @param {Event} event */
    #seek(event) {
        this.#sought = /** @type {HTMLInputElement} */ (event.target).value.trim().toLowerCase()
        this.requestUpdate()
    }

    #pause() {
        this.#held = this.#held ? undefined : this.events
        this.requestUpdate()
    }

    /**
     * @param {string} offset
     * @param {boolean} isOpen
     */
    #open(offset, isOpen) {
        if (isOpen) this.#opened.add(offset)
        else this.#opened.delete(offset)
        this.requestUpdate()
    }

    async #loadOlder() {
        this.#isLoading = true
        this.requestUpdate()
        try {
            const older = await this.of?.loadOlder() ?? []
            if (this.#held) this.#held = [...older, ...this.#held]
        } catch (fault) {
            toasts.bad(fault)
        }
        this.#isLoading = false
        this.requestUpdate()
    }
}

customElements.define("sj-events", SjEvents)
