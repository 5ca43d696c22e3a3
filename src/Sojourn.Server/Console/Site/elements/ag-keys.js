// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"

/** @type {[string, string, string][]} */
const keys = [
    ["Esc", "Esc", "Esc"], ["Tab", "Tab", "Tab"], ["Ctrl", "Ctrl", "Ctrl"],
    ["Left", "←", "Left"], ["Down", "↓", "Down"], ["Up", "↑", "Up"], ["Right", "→", "Right"],
    ["Paste", "Paste", "Paste"],
]

/** The keys that telephones lack. Tells of each with the event "key". */
export class AgKeys extends SjElement {
    static properties = { isControl: { attribute: false }, isOff: { attribute: false } }

    constructor() {
        super()
        this.isControl = false
        this.isOff = false
    }

    render() {
        // The terminal keeps the focus: a telephone would put its keyboard away.
        return html`<div class="key-row" role="group" aria-label="Keys"
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}>
            ${keys.map(([name, shown, says]) => html`<button aria-label=${says} ?disabled=${this.isOff}
                aria-pressed=${name === "Ctrl" ? String(this.isControl) : nothing}
                @click=${() => this.#tell(name)}>${shown}</button>`)}</div>`
    }

    /** @param {string} name */
    #tell(name) {
        this.dispatchEvent(new CustomEvent("key", { detail: name }))
    }
}

customElements.define("ag-keys", AgKeys)
