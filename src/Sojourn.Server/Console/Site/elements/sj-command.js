// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { newKey, Problem, send, sentence } from "../lib/api.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./sj-form.js"

/** @typedef {import("./sj-form.js").SjForm} SjForm */
/** @typedef {{ reply?: unknown, version: number, replayed: boolean }} Answer */

/** One command of a session: its form, and what came of it. */
export class SjCommand extends SjElement {
    static properties = {
        of: { attribute: false }, command: { attribute: false }, document: { attribute: false },
        isGone: { attribute: false },
    }

    #isOpen = false
    #isBusy = false
    /** @type {Answer | undefined} */
    #answer
    #fault = ""
    /** What was sent without an answer: sent again just so, it has no second effect. */
    #unanswered = { body: "", key: "" }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/kinds.js").Command | undefined} */
        this.command = undefined
        /** @type {import("../lib/kinds.js").Json} */
        this.document = {}
        this.isGone = false
    }

    get #form() {
        return /** @type {SjForm | null} */ (this.querySelector("sj-form"))
    }

    render() {
        const { command } = this
        if (!command) return nothing
        const isPlain = Object.keys(command.schema.properties ?? {}).length === 0 && command.schema.type === "object"
        return html`<form class="command" aria-label=${command.name} novalidate @submit=${this.#submit}>
            <div class="command-head">
                ${isPlain ? html`<button ?disabled=${this.isGone || this.#isBusy} title=${command.says}>
                        ${command.name}</button>`
                    : html`<button type="button" class="plain fold" aria-expanded=${this.#isOpen} @click=${this.#turn}>
                        <span class="twist" aria-hidden="true"></span>
                        <span class="name">${command.name}</span></button>`}
                <p class="muted small says" title=${command.says}>${command.says}</p>
            </div>
            ${!isPlain && this.#isOpen ? html`<div class="command-body">
                <sj-form .schema=${command.schema} .document=${this.document} .example=${command.example}></sj-form>
                <div class="actions"><button class="primary" ?disabled=${this.isGone || this.#isBusy}>
                    Send ${command.name}</button></div>
            </div>` : nothing}
            <div role="status" class="outcome">${this.#outcome()}</div>
        </form>`
    }

    #outcome() {
        if (this.#isBusy) return html`<p class="muted small">Sending …</p>`
        if (this.#fault) return html`<p class="fault small">${this.#fault}</p>`
        if (!this.#answer) return nothing
        const { reply, version, replayed } = this.#answer
        const says = `Done${replayed ? " before" : ""}, version ${version}${reply === undefined ? "." : ":"}`
        return html`<p class="good small">${says}</p>
            ${reply === undefined ? nothing : html`<pre>${JSON.stringify(reply, null, 2)}</pre>`}`
    }

    async #turn() {
        this.#isOpen = !this.#isOpen
        this.requestUpdate()
        if (!this.#isOpen) return
        await this.updateComplete
        await this.#form?.updateComplete
        const fields = ".command-body :is(input, select, textarea)"
        const first = /** @type {HTMLElement | null} */ (this.querySelector(fields))
        first?.focus()
    }

    /** @param {SubmitEvent} event */
    async #submit(event) {
        event.preventDefault()
        const { command, of: watch } = this
        if (!command || !watch || this.#isBusy) return
        const body = this.#form ? this.#form.read() : {}
        if (body === undefined) return
        const text = JSON.stringify(body)
        if (this.#unanswered.body !== text) this.#unanswered = { body: text, key: newKey() }
        this.#begin()
        try {
            const response = await send("POST", watch.path([command.name]),
                { body, key: this.#unanswered.key, signal: this.stop.signal })
            this.#answer = await response.json()
            this.#unanswered = { body: "", key: "" }
            this.#form?.reset()
        } catch (fault) {
            this.#fail(fault)
        }
        this.#isBusy = false
        this.requestUpdate()
        watch.refresh()
    }

    #begin() {
        this.#answer = undefined
        this.#fault = ""
        this.#isBusy = true
        this.requestUpdate()
    }

    /** @param {unknown} fault */
    #fail(fault) {
        const isLost = fault instanceof Problem && fault.isLost
        if (isLost) {
            this.#fault = "No answer came, so it may have been done or not. Sent again, it is done once in either case."
            return
        }
        this.#unanswered = { body: "", key: "" }
        const isShown = fault instanceof Problem && this.#form?.showFault(fault.field, fault.message)
        if (isShown) return
        this.#fault = this.#form ? "" : sentence(fault)
        toasts.bad(fault)
    }
}

customElements.define("sj-command", SjCommand)
