// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { ask, getJson, isAbort, newKey, Problem, send } from "../lib/api.js"
import { count } from "../lib/numbers.js"
import { toasts } from "../lib/toasts.js"
import { open } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/**
 * @typedef {{ savedAt: string, damaged: boolean, metadata: { turn: number, wealth: number, location: string,
 *   status: string } }} Save
 */

/**
 * @typedef {{ slot: number, automatic: boolean, status: "empty" | "kept" | "damaged", current?: Save, previous?: Save,
 *   detail?: string }} Slot
 */

/** @typedef {"current" | "previous"} Generation */

/** After so long, in milliseconds, what was saved by itself is there to see. */
const settling = 600

/** The slots of a game: to save to, to load from, to take out as files and in again. */
export class ExSaves extends SjElement {
    static properties = { of: { attribute: false }, version: { attribute: false }, isGone: { attribute: false } }

    /** @type {Slot[] | undefined} */
    #slots
    #isAbsent = false
    /** Why there are none to show. */
    #fault = ""
    #isBusy = false
    #timer = 0

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        this.version = 0
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true })
    }

    /** @param {Map<string, unknown>} changed */
    updated(changed) {
        if (!changed.has("version") || !this.version) return
        if (!this.#slots) this.#read()
        clearTimeout(this.#timer)
        this.#timer = window.setTimeout(() => this.#read(), settling)
    }

    async #read() {
        if (!this.of || this.isGone) return
        try {
            const list = await getJson(this.of.path(["slots"]), this.stop.signal)
            this.#slots = /** @type {{ slots: Slot[] }} */ (list).slots
            this.#fault = ""
        } catch (fault) {
            if (isAbort(fault)) return
            this.#isAbsent ||= fault instanceof Problem && fault.status === 404
            this.#fault = fault instanceof Problem && !fault.mayPass ? fault.message : ""
        }
        this.requestUpdate()
    }

    render() {
        const kept = this.#slots?.filter(({ status }) => status === "kept") ?? []
        const canLoad = kept.find(({ automatic }) => !automatic) ?? kept[0]
        return html`
            <div class="saves-head"><h2>Saved games</h2>
                <label class="file"><input type="file" class="hidden" accept=".json,application/json"
                    ?disabled=${this.isGone} @change=${this.#import}><span class="button">Import a file</span></label>
            </div>
            ${this.#isAbsent ? html`<p class="muted">This server keeps no saves.</p>`
                : this.#fault !== "" ? html`<p class="notice small" data-tone="bad">${this.#fault}</p>`
                : this.#slots === undefined ? html`<span class="skeleton"></span>`
                : html`<ol class="save-slots">${this.#slots.map((slot) => this.#row(slot, slot === canLoad))}</ol>`}`
    }

    /**
     * @param {Slot} slot
     * @param {boolean} isFirst The first that can be loaded.
     */
    #row({ slot, automatic, status, current, previous, detail }, isFirst) {
        const name = automatic ? "Automatic" : `Slot ${slot}`
        // Not disabled, which would take the focus away from what was just used.
        const off = this.#isOff ? "true" : nothing
        const hasOld = previous !== undefined && !previous.damaged
        const isUnreadable = status === "damaged" && current === undefined
        return html`<li data-status=${status} data-slot=${slot}>
            <p><strong>${name}</strong> ${current
                ? html`<span class="muted small"><sj-time at=${current.savedAt}></sj-time></span>`
                : html`<span class="muted">${isUnreadable ? "damaged" : "empty"}</span>`}</p>
            ${current ? html`<p class="small save-says">Turn ${current.metadata.turn},
                ${count(current.metadata.wealth)} credits, ${current.metadata.location}</p>` : nothing}
            ${detail ? html`<p class="notice small" data-tone="bad">${detail}</p>` : nothing}
            <div class="save-does">
                ${isUnreadable ? html`<button aria-disabled=${off} aria-label="Restore ${name}"
                    @click=${() => this.#restore(slot, name)}>Restore</button>` : nothing}
                ${automatic || isUnreadable ? nothing : html`<button ?data-save=${slot === 1} aria-disabled=${off}
                    aria-label="Save to slot ${slot}" @click=${() => this.#save(slot)}>Save</button>`}
                ${status === "kept" ? html`<button ?data-load=${isFirst} aria-disabled=${off} aria-label="Load ${name}"
                    @click=${() => this.#load(slot, "current", name)}>Load</button>` : nothing}
                ${hasOld ? html`<button class="ghost" aria-disabled=${off}
                    title="What was here before, of turn ${previous.metadata.turn}"
                    aria-label="Load the one before, ${name}"
                    @click=${() => this.#load(slot, "previous", name)}>Load the one before</button>` : nothing}
                ${status === "kept" ? html`<a class="button ghost"
                    href=${this.of?.path(["slots", `${slot}`, "export"]) ?? ""} download
                    aria-label="Export ${name}">Export</a>` : nothing}
                ${automatic || status === "empty" ? nothing : html`<button class="ghost" aria-disabled=${off}
                    aria-label="Remove ${name}" @click=${() => this.#remove(slot)}>Remove</button>`}
            </div>
        </li>`
    }

    get #isOff() {
        return this.isGone || this.#isBusy
    }

    /**
     * @param {number} slot
     * @param {string} name
     */
    #restore(slot, name) {
        return this.#do(async (watch) => {
            const path = watch.path(["slots", `${slot}`, "restore"])
            await send("POST", path, { key: newKey(), signal: this.stop.signal })
            toasts.good(`${name} was restored.`)
        }, slot)
    }

    /** @param {number} slot */
    #save(slot) {
        return this.#do(async (watch) => {
            await send("PUT", watch.path(["slots", `${slot}`]), { key: newKey(), signal: this.stop.signal })
            toasts.good(`Saved to slot ${slot}.`)
        }, slot)
    }

    /**
     * @param {number} slot
     * @param {Generation} generation
     * @param {string} name
     */
    async #load(slot, generation, name) {
        if (this.#isOff || !await isSure(`Load ${name.toLowerCase()}?`, "Load")) return
        await this.#do(async (watch) => {
            const path = watch.path(["slots", `${slot}`, "load"])
            await send("POST", path, { body: { generation }, key: newKey(), signal: this.stop.signal })
            toasts.good(`${name} was loaded.`)
        })
    }

    /** @param {number} slot */
    async #remove(slot) {
        const says = "Both saves in it go, and nothing brings them back."
        if (this.#isOff || !await isSure(`Remove what is in slot ${slot}?`, "Remove", says)) return
        await this.#do((watch) => ask("DELETE", watch.path(["slots", `${slot}`]), { signal: this.stop.signal }), slot)
    }

    /** @param {Event} event */
    async #import(event) {
        const input = /** @type {HTMLInputElement} */ (event.target)
        const [file] = input.files ?? []
        if (!file || !await isSure(`Load ${file.name}?`, "Load")) {
            input.value = ""
            return
        }
        await this.#do(async (watch) => {
            // It is signed: not a byte of it may change.
            const json = await file.text()
            await send("POST", watch.path(["import"]), { json, key: newKey(), signal: this.stop.signal })
            toasts.good(`${file.name} was loaded.`)
        })
        input.value = ""
    }

    /**
     * @param {(watch: import("../lib/session-watch.js").SessionWatch) => Promise<unknown>} work
     * @param {number} [slot] Has the focus afterwards, if what was used is gone.
     */
    async #do(work, slot) {
        if (!this.of || this.#isOff) return
        const hadFocus = this.contains(document.activeElement)
        this.#isBusy = true
        this.requestUpdate()
        try {
            await work(this.of)
            this.of.refresh()
        } catch (fault) {
            toasts.bad(fault)
        }
        this.#isBusy = false
        await this.#read()
        await this.updateComplete
        if (!hadFocus || slot === undefined || document.activeElement !== document.body) return
        const first = /** @type {HTMLElement | null} */ (this.querySelector(`[data-slot="${slot}"] button`))
        first?.focus()
    }
}

/**
 * @param {string} title
 * @param {string} does
 * @param {string} [says]
 */
const isSure = async (title, does, says = "The game goes on from there. What you have done since then and not saved is "
    + "lost.") => await open((close) => html`
        <h2 id="dialog-title">${title}</h2><p>${says}</p>
        <div class="actions"><button @click=${() => close("no")} autofocus>No</button>
            <button class="primary" @click=${() => close("yes")}>${does}</button></div>`) === "yes"

customElements.define("ex-saves", ExSaves)
