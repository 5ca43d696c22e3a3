// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { ask, isAbort, newKey, pathOf, Problem, send } from "../lib/api.js"
import { bytes, plural } from "../lib/numbers.js"
import { slotName } from "../lib/play.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./pl-slot.js"
import "./sj-time.js"

/** @typedef {import("../lib/play.js").Play} Play */
/** @typedef {import("../lib/play.js").CloudSlot} CloudSlot */
/** @typedef {import("../lib/play.js").CloudSave} CloudSave */

/** Games save to slots without a word to the play, so that these are looked at again, in milliseconds. */
const pace = 5000

/** The longest name of a game that can have slots here; a play's game may have a longer one. */
const longestGame = 58

/** The saves of the game: those on the server, and those that the play tells of, which are on the player's machine. */
export class PlSlots extends SjElement {
    static properties = {
        of: { attribute: false }, play: { attribute: false }, owner: { attribute: false },
        version: { attribute: false },
    }

    /** @type {CloudSlot[] | undefined} */
    #slots
    /** @type {import("../lib/play.js").CloudUsage | undefined} */
    #usage
    #isAbsent = false
    /** Why there are none to show. */
    #fault = ""
    #isBusy = false
    #read = ""

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Play | undefined} */
        this.play = undefined
        /** @type {string | undefined} */
        this.owner = undefined
        this.version = 0
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const timer = setInterval(() => document.hidden || this.#isAbsent || this.#look(), pace)
        signal.addEventListener("abort", () => clearInterval(timer), { once: true })
        document.addEventListener("visibilitychange", () => document.hidden || this.#look(), { signal })
    }

    /** @param {Map<string, unknown>} changed */
    updated(changed) {
        if (changed.has("version") && this.version) this.#look()
    }

    async #look() {
        if (!this.play) return
        if (this.play.game.length > longestGame) {
            this.#slots = []
            this.requestUpdate()
            return
        }
        try {
            const path = pathOf(["v1", "play-slots", this.play.game], { owner: this.owner })
            const response = await ask("GET", path, { signal: this.stop.signal })
            const text = await response.text()
            if (text === this.#read) return
            this.#read = text
            const list = JSON.parse(text)
            this.#slots = list.slots
            this.#usage = list.usage
            this.#fault = ""
        } catch (fault) {
            if (isAbort(fault)) return
            this.#read = ""
            this.#isAbsent ||= fault instanceof Problem && fault.status === 404
            this.#fault = fault instanceof Problem && !fault.mayPass ? fault.message : ""
        }
        this.requestUpdate()
    }

    render() {
        const usage = this.#usage
        return html`<section class="card saves" aria-labelledby="saves-title">
            <div class="section-head"><h2 id="saves-title">Saves on this server</h2><div class="spacer"></div>
                ${usage ? html`<p class="muted small">${bytes(usage.bytes)} of ${bytes(usage.maxBytes)} in
                    ${plural(usage.slots, "slot")}</p>` : nothing}</div>
            ${this.#isAbsent ? html`<p class="muted">This server keeps no saves.</p>`
                : this.#fault !== "" ? html`<p class="notice small" data-tone="bad">${this.#fault}</p>`
                : this.#slots === undefined ? html`<span class="skeleton"></span>`
                : this.#slots.length === 0 ? html`<p class="muted">No save of ${this.play?.game} is here. What the game
                    uploads appears by itself.</p>`
                : html`<ul class="cloud-slots">${repeat(this.#slots, ({ slot }) => slot, (slot) => html`<li>
                    <pl-slot .slotted=${slot} .owner=${this.owner} .isOff=${this.#isBusy}
                        @restore=${(/** @type {CustomEvent<CloudSave>} */ event) => this.#restore(slot, event.detail)}
                        @repair=${() => this.#repair(slot)} @empty=${() => this.#empty(slot)}></pl-slot></li>`)}</ul>`}
            ${this.#own()}
        </section>`
    }

    /** Saves that the play has told of. */
    #own() {
        const own = Object.values(this.play?.slots ?? {})
        if (own.length === 0) return nothing
        return html`<h3>On the player's machine</h3>
            <ul class="own-slots">${own.map((save) => html`<li><strong>${slotName(save.slot)}</strong>
                <span class="small muted">generation ${save.generation}, ${save.type}, ${bytes(save.size)},
                    <sj-time at=${save.savedAt}></sj-time></span></li>`)}</ul>`
    }

    /**
     * @param {CloudSlot} slot
     * @param {CloudSave} save
     */
    async #restore(slot, save) {
        const name = slotName(slot.slot)
        const isSure = await confirm({
            title: `Go back to generation ${save.generation} of ${name.toLowerCase()}?`,
            says: "It becomes the newest save again. What is the newest now stays as an older one; the oldest goes.",
            action: "Go back",
        })
        if (isSure) await this.#do(async () => {
            const path = this.#path(slot, ["restore"], { generation: String(save.generation) })
            await send("POST", path, { key: newKey(), headers: ifMatch(slot), signal: this.stop.signal })
            toasts.good(`${name} is as it was in generation ${save.generation}.`)
        })
    }

    /** @param {CloudSlot} slot */
    #repair(slot) {
        return this.#do(async () => {
            await send("POST", this.#path(slot, ["restore"]), { key: newKey(), signal: this.stop.signal })
            toasts.good(`${slotName(slot.slot)} was restored.`)
        })
    }

    /** @param {CloudSlot} slot */
    async #empty(slot) {
        const name = slotName(slot.slot)
        const isSure = await confirm({
            title: `Delete ${name.toLowerCase()}?`,
            says: "It goes with all its older saves, and nothing brings them back.",
            action: "Delete",
        })
        if (isSure) await this.#do(async () => {
            await ask("DELETE", this.#path(slot), { headers: ifMatch(slot), signal: this.stop.signal })
            toasts.good(`${name} was deleted.`)
        })
    }

    /**
     * @param {CloudSlot} slot
     * @param {string[]} [below]
     * @param {Record<string, string>} [query]
     */
    #path(slot, below = [], query = {}) {
        return pathOf(["v1", "play-slots", slot.game, slot.slot, ...below], { ...query, owner: this.owner })
    }

    /** @param {() => Promise<unknown>} work */
    async #do(work) {
        if (this.#isBusy) return
        this.#isBusy = true
        this.requestUpdate()
        try {
            await work()
        } catch (fault) {
            toasts.bad(fault)
        }
        this.#isBusy = false
        this.#read = ""
        await this.#look()
        this.requestUpdate()
        await this.updateComplete
        if (document.activeElement === document.body) this.#focus()
    }

    /** What was used is gone with what it was about. */
    #focus() {
        const next = /** @type {HTMLElement | null} */ (this.querySelector("pl-slot summary, pl-slot a"))
        next?.focus()
    }
}

/** Only what was seen is changed. @param {CloudSlot} slot @returns {Record<string, string>} */
const ifMatch = (slot) => slot.newest ? { "if-match": slot.newest.eTag } : {}

customElements.define("pl-slots", PlSlots)
