// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { ask, newKey, send } from "../lib/api.js"
import { bytes } from "../lib/numbers.js"
import { go } from "../lib/router.js"
import { exact } from "../lib/times.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"
import "./sj-time.js"

/** @typedef {import("../lib/session-watch.js").SessionWatch} SessionWatch */
/** @typedef {import("../lib/types.js").Session} Session */

/** What every session has: status, versions, times, owner and labels; and what can be done with any of them. */
export class SjSessionHead extends SjElement {
    static properties = { of: { attribute: false }, session: { attribute: false }, isGone: { attribute: false } }

    #isAdding = false

    constructor() {
        super()
        /** @type {Session | undefined} */
        this.session = undefined
        this.isGone = false
        /** @type {SessionWatch | undefined} */
        this.of = undefined
    }

    render() {
        const { session } = this
        if (!session) return nothing
        const isSafe = session.durableVersion >= session.version
        const durability = isSafe ? "A power cut now would take nothing back"
            : "The newest version that would survive a power cut now"
        return html`<div class="card session-head">
            <dl class="facts">
                ${fact("Status", html`<sj-status status=${session.status} ?busy=${session.busy} ?final=${session.final}>
                    </sj-status>`)}
                ${fact("Version", html`${session.version}
                    <span class=${isSafe ? "muted" : "warn"} title=${durability}>
                        durable ${session.durableVersion}</span>`)}
                ${fact("Owner", session.owner)}
                ${fact("Last active", html`<sj-time at=${session.lastActivityAt}></sj-time>`)}
                ${fact("Created", html`<sj-time at=${session.createdAt}></sj-time>`)}
                ${fact("Expires", session.expiresAt ? html`<sj-time at=${session.expiresAt}></sj-time>` : "never")}
                ${fact("State", bytes(new Blob([JSON.stringify(session.state ?? null)]).size))}
            </dl>
            <div class="actions">
                <div class="chips labels" role="group" aria-label="Labels">
                    ${Object.entries(session.labels).map(([name, value]) => html`<span class="label with-button">
                        ${name}: ${value}<button class="plain" aria-label="Remove the label ${name}"
                            ?disabled=${this.isGone} @click=${() => this.#label({ [name]: null })}>×</button></span>`)}
                    ${this.#isAdding ? this.#labelForm() : html`<button class="label" ?disabled=${this.isGone}
                        @click=${this.#beginLabel}>+ Label</button>`}
                </div>
                <div class="spacer"></div>
                <button ?disabled=${this.isGone} @click=${this.#touch}
                    title="Counts as activity, so that it does not look idle">Touch</button>
                <button class="danger" ?disabled=${this.isGone} @click=${this.#remove}>Remove</button>
            </div>
        </div>`
    }

    #labelForm() {
        return html`<form class="label-form" @submit=${this.#submitLabel}
                @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.#endLabel()}>
            <input name="name" aria-label="The label's name" placeholder="name" maxlength="64" required
                pattern="[^:]+" title="Anything but a colon">
            <input name="value" aria-label="The label's value" placeholder="value" maxlength="64">
            <button>Set</button>
            <button type="button" class="ghost" @click=${this.#endLabel}>Cancel</button>
        </form>`
    }

    async #beginLabel() {
        this.#isAdding = true
        this.requestUpdate()
        await this.updateComplete
        const input = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=name]"))
        input?.focus()
    }

    #endLabel() {
        this.#isAdding = false
        this.requestUpdate()
    }

    /** @param {SubmitEvent} event */
    #submitLabel(event) {
        event.preventDefault()
        const data = new FormData(/** @type {HTMLFormElement} */ (event.target))
        this.#endLabel()
        this.#label({ [String(data.get("name")).trim()]: String(data.get("value")).trim() })
    }

    /** @param {Record<string, string | null>} labels */
    #label(labels) {
        return this.#do((watch) => send("PUT", watch.path(["labels"]), { body: labels, key: newKey() }))
    }

    #touch() {
        return this.#do(async (watch) => {
            await send("POST", watch.path(["touch"]), { key: newKey() })
            const end = this.session?.expiresAt
            toasts.good(end ? `Touched. Before, it would have expired ${exact(end)}.` : "Touched.")
        })
    }

    async #remove() {
        const { session } = this
        const isSure = session && await confirm({
            title: `Remove ${session.id}?`,
            says: "It goes with its state, its events and its streams, and nothing brings it back.",
            action: "Remove",
        })
        if (!isSure) return
        await this.#do(async (watch) => {
            await ask("DELETE", watch.path(), { signal: this.stop.signal })
            toasts.good(`${session.id} was removed.`)
            go("#/")
        })
    }

    /** @param {(watch: SessionWatch) => Promise<unknown>} work */
    async #do(work) {
        const watch = /** @type {SessionWatch} */ (this.of)
        try {
            await work(watch)
            watch.refresh()
        } catch (fault) {
            toasts.bad(fault)
        }
    }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

customElements.define("sj-session-head", SjSessionHead)
