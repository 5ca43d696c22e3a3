// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { pathOf } from "../lib/api.js"
import { bytes, plural } from "../lib/numbers.js"
import { about, origin, savedAt, slotName } from "../lib/play.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/play.js").CloudSave} CloudSave */

/** One slot on the server: its newest save, and those before it. Fires "restore", "repair" and "empty". */
export class PlSlot extends SjElement {
    static properties = { slotted: { attribute: false }, owner: { attribute: false }, isOff: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/play.js").CloudSlot | undefined} */
        this.slotted = undefined
        /** @type {string | undefined} */
        this.owner = undefined
        this.isOff = false
    }

    render() {
        const slot = this.slotted
        if (!slot) return nothing
        const { newest } = slot
        const name = slotName(slot.slot)
        return html`<article class="cloud-slot" data-slot=${slot.slot} data-status=${slot.status} aria-label=${name}>
            ${newest?.screenshot ? html`<img src=${this.#path(newest, ["screenshot"])} alt="What was on the screen"
                width="160" height="90" loading="lazy">` : html`<div class="no-picture" aria-hidden="true"></div>`}
            <div class="slot-says">
                <h3>${name} ${newest?.details.name ? html`<span class="muted">${newest.details.name}</span>` : nothing}
                </h3>
                ${newest ? this.#newest(newest) : html`<p class="notice small" data-tone="bad">Its record is damaged.
                    Restoring brings back its newest good state.</p>`}
                <div class="save-does">
                    ${newest ? html`<a class="button" href=${this.#path(newest)} download
                        aria-label="Download ${name}">Download</a>` : html`<button ?disabled=${this.isOff}
                        aria-label="Restore ${name}" @click=${() => this.#tell("repair")}>Restore</button>`}
                    <button class="ghost" ?disabled=${this.isOff} aria-label="Delete ${name}"
                        @click=${() => this.#tell("empty")}>Delete</button>
                </div>
                ${slot.older.length > 0 ? html`<details class="older">
                    <summary>${plural(slot.older.length, "older save")} <span class="hidden">of ${name}</span></summary>
                    <ol>${slot.older.map((save) => this.#older(save, name))}</ol></details>` : nothing}
            </div>
        </article>`
    }

    /** @param {CloudSave} save */
    #newest(save) {
        return html`
            <p class="small"><sj-time at=${savedAt(save)}></sj-time> · ${save.details.type} ·
                ${bytes(save.size)} · generation ${save.generation}${save.restoredFrom
                    ? html`, as it was in ${save.restoredFrom}` : nothing}</p>
            ${line(about(save))}${line(origin(save), "muted")}${line(save.details.description)}`
    }

    /**
     * @param {CloudSave} save
     * @param {string} name
     */
    #older(save, name) {
        const which = `generation ${save.generation} of ${name.toLowerCase()}`
        return html`<li>
            <p class="small"><strong>Generation ${save.generation}</strong>, <sj-time at=${savedAt(save)}></sj-time>,
                ${bytes(save.size)}${about(save) ? html`<br><span class="muted">${about(save)}</span>` : nothing}</p>
            <div class="save-does">
                <a class="button ghost" href=${this.#path(save)} download aria-label="Download ${which}">Download</a>
                <button ?disabled=${this.isOff} aria-label="Go back to ${which}"
                    @click=${() => this.#tell("restore", save)}>Go back</button>
            </div></li>`
    }

    /**
     * @param {CloudSave} save
     * @param {string[]} [below]
     */
    #path(save, below = []) {
        const slot = /** @type {import("../lib/play.js").CloudSlot} */ (this.slotted)
        return pathOf(["v1", "play-slots", slot.game, slot.slot, ...below],
            { generation: String(save.generation), owner: this.owner })
    }

    /**
     * @param {string} what
     * @param {CloudSave} [save]
     */
    #tell(what, save) {
        this.dispatchEvent(new CustomEvent(what, { detail: save }))
    }
}

/**
 * @param {string | undefined} text
 * @param {string} [tone]
 */
const line = (text, tone = "") => text ? html`<p class="small ${tone}">${text}</p>` : nothing

customElements.define("pl-slot", PlSlot)
