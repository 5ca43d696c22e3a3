// @ts-check
import { html, live, nothing } from "../vendor/lit.js"
import { isEmpty } from "../lib/filter.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/filter.js").Filter} Filter */

const typingPause = 250
const shows = [["", "All"], ["busy", "Busy"], ["ended", "Ended"], ["damaged", "Damaged"]]

/** Narrows the list. Tells with the event "narrow"; what holds is in the address. */
export class SjFilter extends SjElement {
    static properties = { filter: { attribute: false }, kinds: { attribute: false }, admin: { attribute: false } }

    #timer = 0
    /** The search as it is typed, blanks at its end included. */
    #text = ""

    constructor() {
        super()
        /** @type {Filter} */
        this.filter = { kind: "", status: "", owner: "", text: "", show: "", labels: [], cursor: "", sort: "" }
        /** @type {Map<string, import("../lib/kinds.js").Kind> | undefined} */
        this.kinds = undefined
        this.admin = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true })
    }

    willUpdate() {
        // What is still being typed is newer than the address.
        if (this.#timer === 0 && this.#text.trim() !== this.filter.text) this.#text = this.filter.text
    }

    get #statuses() {
        const { kind } = this.filter
        const kinds = [...this.kinds?.values() ?? []].filter(({ name }) => kind === "" || name === kind)
        return [...new Set(kinds.flatMap(({ statuses }) => statuses))]
    }

    render() {
        const { filter } = this
        return html`<search><form class="filter" @submit=${this.#submit}>
            <label class="field grow"><span>Search</span><input type="search" name="text" maxlength="64"
                .value=${live(this.#text)} placeholder="id or label ( / )" @input=${this.#type}></label>
            ${this.#select("Kind", "kind", filter.kind, this.#choices([...this.kinds?.keys() ?? []], filter.kind))}
            ${this.#select("Status", "status", filter.status, this.#choices(this.#statuses, filter.status))}
            ${this.#select("Show", "show", filter.show, shows)}
            ${this.admin ? html`<label class="field"><span>Owner</span><input name="owner" maxlength="64"
                .value=${filter.owner} placeholder="everybody" spellcheck="false" autocapitalize="off"
                @change=${(/** @type {Event} */ event) => this.#tell({ owner: valueIn(event) })}></label>` : nothing}
            <label class="field"><span>Label</span><input name="label" placeholder="name:value" maxlength="129"
                pattern="[^:]+:.*" title="A name, a colon and a value" spellcheck="false" autocapitalize="off"></label>
            <button class="hidden">Filter</button>
            ${filter.labels.length > 0 || !isEmpty(filter) ? html`<div class="chips">
                ${filter.labels.map((label) => html`<button type="button" class="label" title="No longer only these"
                    @click=${() => this.#tell({ labels: filter.labels.filter((each) => each !== label) })}>${label}
                    <span aria-hidden="true">×</span></button>`)}
                <a href="#/">Clear the filter</a></div>` : nothing}
        </form></search>`
    }

    /**
     * @param {string[]} known
     * @param {string} chosen Is shown even if this server does not know it, or does not yet.
     */
    #choices(known, chosen) {
        const all = chosen === "" || known.includes(chosen) ? known : [...known, chosen]
        return [["", "All"], ...all.map((each) => [each, each])]
    }

    /**
     * @param {string} title
     * @param {"kind" | "status" | "show"} name
     * @param {string} value
     * @param {string[][]} choices
     */
    #select(title, name, value, choices) {
        return html`<label class="field"><span>${title}</span><select name=${name}
            @change=${(/** @type {Event} */ event) => this.#tell(name === "kind"
                ? { kind: valueIn(event), status: "" } : { [name]: valueIn(event) })}>
            ${choices.map(([each, shown]) => html`<option value=${each} .selected=${each === value}>${shown}</option>`)}
        </select></label>`
    }

    /** @param {Event} event */
    #type(event) {
        clearTimeout(this.#timer)
        this.#text = /** @type {HTMLInputElement} */ (event.target).value
        this.#timer = window.setTimeout(() => {
            this.#timer = 0
            this.#tell({ text: this.#text.trim() })
        }, typingPause)
    }

    /** @param {SubmitEvent} event */
    #submit(event) {
        event.preventDefault()
        clearTimeout(this.#timer)
        this.#timer = 0
        const form = /** @type {HTMLFormElement} */ (event.target)
        const data = new FormData(form)
        const label = String(data.get("label") ?? "").trim()
        const { labels } = this.filter
        this.#tell({
            labels: label === "" || labels.includes(label) ? labels : [...labels, label],
            text: String(data.get("text") ?? "").trim(),
            owner: String(data.get("owner") ?? "").trim(),
        })
        const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("label"))
        input.value = ""
    }

    /** @param {Partial<Filter>} detail */
    #tell(detail) {
        this.dispatchEvent(new CustomEvent("narrow", { detail }))
    }
}

/** @param {Event} event */
const valueIn = (event) => /** @type {HTMLInputElement} */ (event.target).value.trim()

customElements.define("sj-filter", SjFilter)
