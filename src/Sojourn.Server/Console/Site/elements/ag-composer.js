// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { newKey, send } from "../lib/api.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import { addKeys } from "./sj-keys.js"

/** @typedef {import("../lib/agent.js").Agent} Agent */

/** @type {[string, string][]} */
const keys = [["Enter", "Sends a prompt; Shift-Enter begins a new line"]]

/** What is asked next. What is written stays with its session, whatever page is looked at meanwhile. */
export class AgComposer extends SjElement {
    static properties = {
        of: { attribute: false },
        agent: { attribute: false }, client: { attribute: false }, isGone: { attribute: false },
    }

    /** @type {{ text: string, id: string }[]} On their way, the oldest first. */
    #outbox = []
    /** What came back unsent: sent again as it is, it is the same prompt. */
    #returned = { text: "", id: "" }
    #isSending = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Agent | undefined} */
        this.agent = undefined
        this.client = ""
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        addKeys(keys, signal)
    }

    firstUpdated() {
        const { text, outbox } = this.#read()
        const field = this.#field
        if (field && text) field.value = text
        this.#outbox = outbox
        this.#send()
    }

    render() {
        const { agent } = this
        if (!agent) return nothing
        const isOver = this.isGone || agent.status === "ended"
        return html`<form class="composer" @submit=${this.#submit}>
            <label class="hidden" for="prompt">Prompt</label>
            <textarea id="prompt" rows="2" maxlength="200000" ?disabled=${isOver} @input=${this.#keep}
                @keydown=${this.#press} placeholder=${hint(agent)}></textarea>
            <button class="primary" ?disabled=${isOver}>Send</button></form>`
    }

    get #field() {
        return /** @type {HTMLTextAreaElement | null} */ (this.querySelector("textarea"))
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        // Enter that ends the choice of a character is not for sending.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
        event.preventDefault()
        this.querySelector("form")?.requestSubmit()
    }

    /** @param {SubmitEvent} event */
    #submit(event) {
        event.preventDefault()
        const field = this.#field
        const text = field?.value.trim() ?? ""
        if (!this.of || !field || text === "") return
        this.#outbox.push({ text, id: this.#returned.text === text ? this.#returned.id : newKey() })
        field.value = ""
        this.#keep()
        this.#send()
    }

    /** One after another, so that they are done in the order in which they were written. */
    async #send() {
        const { of } = this
        if (!of || this.#isSending) return
        this.#isSending = true
        for (let next = this.#outbox[0]; next; next = this.#outbox[0]) {
            try {
                await send("POST", of.path(["prompt"]), { body: { ...next, by: this.client }, key: next.id })
                this.#outbox.shift()
            } catch (fault) {
                toasts.bad(fault)
                this.#takeBack(next)
            }
            this.#keep()
            of.refresh()
        }
        this.#isSending = false
    }

    /** @param {{ text: string, id: string }} unsent What was not sent stands where it was written. */
    #takeBack(unsent) {
        this.#returned = unsent
        const field = this.#field
        const texts = [...this.#outbox.map(({ text }) => text), field?.value ?? ""].filter((text) => text !== "")
        this.#outbox = []
        if (field) field.value = texts.join("\n\n")
    }

    get #place() {
        return `sojourn-draft-${this.of?.owner ?? ""}/${this.of?.id ?? ""}`
    }

    /** @returns {{ text: string, outbox: { text: string, id: string }[] }} */
    #read() {
        try {
            return { text: "", outbox: [], ...JSON.parse(sessionStorage.getItem(this.#place) ?? "{}") }
        } catch {
            return { text: "", outbox: [] }
        }
    }

    #keep() {
        const text = this.#field?.value ?? ""
        try {
            if (text === "" && this.#outbox.length === 0) sessionStorage.removeItem(this.#place)
            else sessionStorage.setItem(this.#place, JSON.stringify({ text, outbox: this.#outbox }))
        } catch {
            // Browsers can be told to keep nothing, or have no room left.
        }
    }
}

/** @param {Agent} agent */
function hint({ status }) {
    if (status === "ended") return "It has ended. Resume it to go on."
    if (status === "running" || status === "waiting") return "Ask next; it is done after what is under way"
    if (status === "hibernated" || status === "interrupted" || status === "failed") return "Ask; its program is started"
    return "Ask"
}

customElements.define("ag-composer", AgComposer)
