// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { newKey, Problem, send } from "../lib/api.js"
import { samePath } from "../lib/form.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/generation.js").Scene} Scene */
/** @typedef {"title" | "description" | "imagePrompt"} Name */

const fields = /** @type {{ name: Name, says: string, rows: number }[]} */ ([
    { name: "title", says: "Title", rows: 1 },
    { name: "description", says: "What happens", rows: 4 },
    { name: "imagePrompt", says: "What the picture is to show", rows: 6 },
])

/** Changes the words of a scene; fires "done" when that is over. */
export class SjSceneForm extends SjElement {
    static properties = { of: { attribute: false }, scene: { attribute: false } }

    /** The scene as it was when somebody began to edit it. @type {Scene | undefined} */
    #begun
    /** @type {{ path: string, says: string }} */
    #fault = { path: "", says: "" }
    #isSending = false
    #unanswered = { body: "", key: "" }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Scene | undefined} */
        this.scene = undefined
    }

    willUpdate() {
        this.#begun ??= this.scene
    }

    firstUpdated() {
        this.#field("title")?.focus()
    }

    /** @param {string} name */
    #field(name) {
        return /** @type {HTMLTextAreaElement | null} */ (this.querySelector(`textarea[name=${name}]`))
    }

    render() {
        const { scene } = this
        const begun = this.#begun
        if (!scene || !begun) return nothing
        const isOther = fields.some(({ name }) => scene[name] !== begun[name])
        return html`<form class="scene-form" novalidate aria-label="Scene ${scene.number}" @submit=${this.#submit}
                @keydown=${this.#press}>
            ${fields.map((field) => this.#row(field, scene.number, begun))}
            ${isOther ? html`<p class="notice small" data-tone="warn" role="status">Somebody has changed this scene
                meanwhile. Only what you change here takes the place of theirs.</p>` : nothing}
            <div class="actions"><button class="primary" ?disabled=${this.#isSending}>Save</button>
                <button type="button" class="ghost" @click=${this.#end}>Discard</button></div>
        </form>`
    }

    /**
     * @param {{ name: Name, says: string, rows: number }} field
     * @param {number} number
     * @param {Scene} begun
     */
    #row({ name, says, rows }, number, begun) {
        const id = `scene-${number}-${name}`
        const fault = this.#fault.path === name ? this.#fault.says : ""
        return html`<div class="field"><label for=${id}>${says}</label>
            <textarea id=${id} name=${name} rows=${rows} .value=${begun[name]} aria-describedby="${id}-fault"
                aria-invalid=${fault ? "true" : nothing}></textarea>
            <p id="${id}-fault" role="alert" class="fault small">${fault}</p></div>`
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        const isTitle = /** @type {HTMLElement} */ (event.target).getAttribute("name") === "title"
        const sends = event.key === "Enter" && (isTitle || event.ctrlKey || event.metaKey)
        if (event.key === "Escape") this.#end()
        else if (sends) /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit()
        else return
        event.preventDefault()
    }

    /** @param {SubmitEvent} event */
    async #submit(event) {
        event.preventDefault()
        const { of: watch, scene } = this
        const begun = this.#begun
        if (!watch || !scene || !begun || this.#isSending) return
        const changed = fields.map(({ name }) => [name, this.#field(name)?.value ?? ""])
            .filter(([name, value]) => value !== begun[/** @type {Name} */ (name)])
        if (changed.length === 0) return this.#end()
        const body = { number: scene.number, ...Object.fromEntries(changed) }
        const text = JSON.stringify(body)
        if (this.#unanswered.body !== text) this.#unanswered = { body: text, key: newKey() }
        this.#isSending = true
        this.#fault = { path: "", says: "" }
        this.requestUpdate()
        try {
            await send("POST", watch.path(["edit-scene"]), { body, key: this.#unanswered.key })
            this.#end()
        } catch (fault) {
            this.#fail(fault)
        }
        this.#isSending = false
        this.requestUpdate()
        watch.refresh()
    }

    /** @param {unknown} fault */
    #fail(fault) {
        const problem = fault instanceof Problem ? fault : undefined
        if (!problem?.isLost) this.#unanswered = { body: "", key: "" }
        const field = fields.find(({ name }) => samePath(name, problem?.field))
        if (!problem || !field) return toasts.bad(fault)
        this.#fault = { path: field.name, says: problem.message }
        this.#field(field.name)?.focus()
    }

    #end() {
        this.dispatchEvent(new Event("done"))
    }
}

customElements.define("sj-scene-form", SjSceneForm)
