// @ts-check
import { html, live, nothing } from "../vendor/lit.js"
import { draftOf, fieldOf, samePath, valueOf } from "../lib/form.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/form.js").Field} Field */
/** @typedef {import("../lib/form.js").Draft} Draft */
/** @typedef {import("../lib/form.js").Fault} Fault */

/** @typedef {{ name: string, required: boolean, path: string, id: string }} Place Where in the form a field is. */

/** Parameters as a form made of their schema, or as JSON for whoever prefers that. Asked for its value, it gives it. */
export class SjForm extends SjElement {
    static properties = { schema: { attribute: false }, document: { attribute: false }, example: { attribute: false } }

    /** @type {Field | undefined} */
    #field
    /** @type {Draft | undefined} */
    #draft
    /** @type {Fault[]} */
    #faults = []
    #isRaw = false
    #raw = ""
    #name = `f${Math.random().toString(36).slice(2, 8)}`

    constructor() {
        super()
        /** @type {import("../lib/kinds.js").Json} */
        this.schema = {}
        /** @type {import("../lib/kinds.js").Json} */
        this.document = {}
        /** @type {unknown} */
        this.example = undefined
    }

    /** @param {Map<string, unknown>} changed */
    willUpdate(changed) {
        if (!changed.has("schema") && this.#field) return
        this.#field = fieldOf(this.document, this.schema, this.example)
        this.#draft = draftOf(this.#field, true)
        this.#isRaw = this.#field.is !== "object"
    }

    /** What is filled in; undefined, with the faults shown, if that makes no sense. @returns {unknown} */
    read() {
        if (!this.#field || !this.#draft) return {}
        const faults = /** @type {Fault[]} */ ([])
        const value = this.#isRaw ? this.#readRaw(faults)
            : valueOf(this.#field, this.#draft, { required: true, path: "", faults })
        this.#show(faults)
        return faults.length > 0 ? undefined : value
    }

    /** @param {Fault[]} faults */
    #readRaw(faults) {
        try {
            return JSON.parse(this.#raw.trim() || "{}")
        } catch (fault) {
            faults.push({ path: "", says: `That is no JSON: ${fault instanceof Error ? fault.message : fault}` })
        }
    }

    /**
     * Shows what the server says at the field that it names.
     * @param {string | undefined} path
     * @param {string} says
     * @returns {boolean} False if there is no such field to show it at.
     */
    showFault(path, says) {
        if (this.#isRaw || path === undefined || !this.#find(path)) {
            this.#show([{ path: "", says }])
            return false
        }
        this.#show([{ path, says }])
        return true
    }

    /** Empties the form. */
    reset() {
        this.#draft = this.#field ? draftOf(this.#field, true) : undefined
        this.#raw = ""
        this.#show([])
    }

    /** @param {Fault[]} faults */
    async #show(faults) {
        this.#faults = faults
        this.requestUpdate()
        if (faults.length === 0) return
        await this.updateComplete
        const first = faults[0].path === "" ? this.querySelector("textarea") : this.#find(faults[0].path)
        first?.focus()
    }

    /** @param {string} path @returns {HTMLElement | null} */
    #find(path) {
        const all = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-path]")])
        return all.find((each) => samePath(each.dataset.path ?? "", path)) ?? null
    }

    #faultAt(/** @type {string} */ path) {
        return this.#faults.find((fault) => samePath(fault.path, path))?.says
    }

    render() {
        const isEmpty = this.#field?.is === "object" && this.#field.members.length === 0
        if (!this.#field || !this.#draft || isEmpty) return nothing
        const canBeForm = this.#field.is === "object"
        return html`
            ${this.#isRaw ? this.#rawField() : this.#members(this.#field, this.#draft, "")}
            <p role="alert" class="fault">${this.#isRaw ? nothing : this.#faultAt("") ?? ""}</p>
            ${canBeForm ? html`<button type="button" class="plain small muted" @click=${this.#turn}>
                ${this.#isRaw ? "Fill in a form instead" : "Write JSON instead"}</button>` : nothing}`
    }

    #rawField() {
        const id = `${this.#name}-raw`
        const fault = this.#faultAt("")
        return html`<div class="field"><label for=${id}>Parameters as JSON</label>
            <textarea id=${id} class="code" rows="6" spellcheck="false" .value=${this.#raw}
                placeholder=${JSON.stringify(this.example ?? {}, null, 2)} aria-invalid=${fault ? "true" : nothing}
                aria-describedby="${id}-fault"
                @input=${(/** @type {Event} */ event) => { this.#raw = valueIn(event) }}></textarea>
            <p id="${id}-fault" role="alert" class="fault small">${fault ?? ""}</p></div>`
    }

    #turn() {
        if (!this.#isRaw && this.#field && this.#draft) {
            const value = valueOf(this.#field, this.#draft, { required: true, path: "", faults: [] })
            this.#raw = JSON.stringify(value, null, 2)
        }
        this.#isRaw = !this.#isRaw
        this.#faults = []
        this.requestUpdate()
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {string} path
     * @returns {unknown}
     */
    #members(field, draft, path) {
        return field.members.map(({ name, required, field: member }) => {
            const inner = path === "" ? name : `${path}.${name}`
            return this.#any(member, draft.members[name], { name, required, path: inner, id: this.#idOf(inner) })
        })
    }

    /** @param {string} path */
    #idOf(path) {
        return `${this.#name}-${path.replace(/[^\w]/g, "-")}`
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     * @returns {unknown}
     */
    #any(field, draft, at) {
        switch (field.is) {
            case "const":
                return nothing
            case "object":
                return this.#group(field, draft, at, () => this.#members(field, draft, at.path))
            case "variant":
                return this.#group(field, draft, at, () => this.#variant(field, draft, at))
            case "list":
                return this.#list(field, draft, at)
            default:
                return this.#single(field, draft, at)
        }
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     */
    #single(field, draft, at) {
        const fault = this.#faultAt(at.path)
        const saysDefault = at.required || field.says.toLowerCase().includes("default")
        const says = `${field.says} ${saysDefault ? "" : standardText(field)}`.trim()
        return html`<div class="field">
            <label for=${at.id}>${at.name}${at.required ? nothing : html` <span class="muted">optional</span>`}</label>
            ${this.#input(field, draft, at, fault !== undefined)}
            ${says ? html`<p id="${at.id}-says" class="hint">${says}</p>` : nothing}
            <p id="${at.id}-fault" role="alert" class="fault small">${fault ?? ""}</p>
        </div>`
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     * @param {boolean} isWrong
     */
    #input(field, draft, at, isWrong) {
        const type = (/** @type {Event} */ event) => { draft.text = valueIn(event) }
        const [wrong, described] = [isWrong ? "true" : nothing, `${at.id}-says ${at.id}-fault`]
        const example = field.example ?? ""
        if (field.is === "choice" || field.is === "boolean") {
            const choices = field.is === "boolean" ? ["true", "false"] : field.choices
            const chosen = draft.text || (at.required && field.is === "boolean" ? "false" : "")
            return html`<select id=${at.id} data-path=${at.path} aria-invalid=${wrong} aria-describedby=${described}
                @change=${type}>
                ${at.required && !field.nullable && field.is === "boolean" ? nothing
                    : html`<option value="" .selected=${live(draft.text === "")}>${standardChoice(field, at)}</option>`}
                ${choices.map((each) => html`<option value=${each} .selected=${live(each === chosen)}>
                    ${each}</option>`)}
            </select>`
        }
        if (field.is === "json" || field.long) {
            return html`<textarea id=${at.id} data-path=${at.path} class=${field.is === "json" ? "code" : ""} rows="4"
                placeholder=${example} aria-invalid=${wrong} aria-describedby=${described} .value=${live(draft.text)}
                @input=${type}></textarea>`
        }
        return html`<input id=${at.id} data-path=${at.path} type=${field.is === "time" ? "datetime-local" : "text"}
            inputmode=${field.is === "number" ? (field.whole ? "numeric" : "decimal") : nothing} step="1"
            placeholder=${example} aria-invalid=${wrong} aria-describedby=${described} autocomplete="off"
            .value=${live(draft.text)} @input=${type}>`
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     * @param {() => unknown} content
     */
    #group(field, draft, at, content) {
        const fault = this.#faultAt(at.path)
        const turn = (/** @type {Event} */ event) => {
            draft.given = /** @type {HTMLInputElement} */ (event.target).checked
            this.requestUpdate()
        }
        if (draft.given && field.is === "variant" && draft.items.length === 0) {
            draft.items = [draftOf(field.variants[draft.variant].field, true)]
        }
        return html`<fieldset data-path=${at.path} tabindex="-1">
            <legend>${at.required && !field.nullable ? at.name : html`<label>
                <input type="checkbox" .checked=${live(draft.given)} @change=${turn}> ${at.name}</label>`}</legend>
            ${field.says ? html`<p class="hint">${field.says}</p>` : nothing}
            <p role="alert" class="fault small">${fault ?? ""}</p>
            ${draft.given ? content() : nothing}
        </fieldset>`
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     */
    #variant(field, draft, at) {
        const choose = (/** @type {Event} */ event) => {
            draft.variant = Number(valueIn(event))
            draft.items = [draftOf(field.variants[draft.variant].field, true)]
            this.requestUpdate()
        }
        const { field: chosen } = field.variants[draft.variant]
        const inner = { ...at, name: "value", required: true, id: `${at.id}-value` }
        return html`<div class="field"><label for="${at.id}-form">Form</label>
            <select id="${at.id}-form" @change=${choose}>${field.variants.map(({ title }, i) => html`
                <option value=${i} .selected=${live(i === draft.variant)}>${title}</option>`)}</select></div>
            ${chosen.is === "object" ? this.#members(chosen, draft.items[0], at.path)
                : this.#any(chosen, draft.items[0], inner)}`
    }

    /**
     * @param {Field} field
     * @param {Draft} draft
     * @param {Place} at
     */
    #list(field, draft, at) {
        const item = /** @type {Field} */ (field.item)
        const change = (/** @type {Draft[]} */ items) => {
            draft.items = items
            this.requestUpdate()
        }
        return html`<fieldset data-path=${at.path} tabindex="-1">
            <legend>${at.name}${at.required ? nothing : html` <span class="muted">optional</span>`}</legend>
            ${field.says ? html`<p class="hint">${field.says}</p>` : nothing}
            <p role="alert" class="fault small">${this.#faultAt(at.path) ?? ""}</p>
            ${draft.items.map((each, i) => {
                const path = `${at.path}[${i}]`
                const place = { name: `${i + 1}`, required: true, path, id: this.#idOf(path) }
                return html`<div class="item">${this.#any(item, each, place)}
                    <button type="button" class="ghost icon" aria-label="Remove ${at.name} ${i + 1}"
                        @click=${() => change(draft.items.filter((other) => other !== each))}>×</button></div>`
            })}
            <button type="button" @click=${() => change([...draft.items, draftOf(item, true)])}>
                Add to ${at.name}</button>
        </fieldset>`
    }
}

/** @param {Event} event */
const valueIn = (event) => /** @type {HTMLInputElement} */ (event.target).value

/** @param {Field} field */
const standardText = (field) => field.standard === undefined || field.standard === null
    ? "" : `Default ${JSON.stringify(field.standard)}.`

/**
 * @param {Field} field
 * @param {Place} at
 */
function standardChoice(field, at) {
    if (field.standard !== undefined && field.standard !== null) return `${field.standard} (default)`
    return at.required ? "choose …" : "–"
}

customElements.define("sj-form", SjForm)
