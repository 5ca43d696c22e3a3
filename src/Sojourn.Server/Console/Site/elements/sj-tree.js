// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { escaped, isBranch } from "../lib/diff.js"
import { plural } from "../lib/numbers.js"
import { SjElement } from "./sj-element.js"

const atOnce = 100
const longest = 300
const openedTo = 2

/** JSON as a tree that folds, marking what the last change was. */
export class SjTree extends SjElement {
    static properties = { value: { attribute: false }, changed: { attribute: false }, version: { type: Number } }

    /** What somebody has opened or closed, by path. @type {Map<string, boolean>} */
    #folds = new Map()
    /** How many members are shown of what has very many. @type {Map<string, number>} */
    #shown = new Map()
    /** Texts that are shown whole. @type {Set<string>} */
    #whole = new Set()

    constructor() {
        super()
        /** @type {unknown} */
        this.value = undefined
        /** @type {Set<string>} */
        this.changed = new Set()
        this.version = 0
    }

    render() {
        if (!isBranch(this.value)) return html`<div class="tree">${this.#leaf(this.value, "")}</div>`
        return html`<ul class="tree" ?data-changed=${this.changed.has("")}>${this.#members(this.value, "", 0)}</ul>`
    }

    /**
     * @param {Record<string, unknown>} value
     * @param {string} path
     * @param {number} depth
     * @returns {unknown}
     */
    #members(value, path, depth) {
        const entries = Object.entries(value)
        const most = this.#shown.get(path) ?? atOnce
        const rest = entries.length - most
        return html`${entries.slice(0, most).map(([name, inner]) => this.#member(name, inner, path, depth))}
            ${rest > 0 ? html`<li><button class="plain more" @click=${() => this.#showMore(path, most)}>
                ${plural(rest, "more", "more")} …</button></li>` : nothing}`
    }

    /**
     * @param {string} name
     * @param {unknown} value
     * @param {string} parent
     * @param {number} depth
     */
    #member(name, value, parent, depth) {
        const path = `${parent}/${escaped(name)}`
        const isChanged = this.changed.has(path)
        // The same change again is marked again: the two marks look the same, and each begins anew.
        const mark = this.version % 2 === 0 ? "even" : "odd"
        if (!isBranch(value) || Object.keys(value).length === 0) {
            return html`<li data-changed=${isChanged ? mark : nothing}>
                <span class="name">${name}</span>${this.#leaf(value, path)}</li>`
        }
        const isOpen = this.#folds.get(path) ?? depth < openedTo
        const hasChanged = isChanged || (!isOpen && this.#changedBelow(path))
        const size = Array.isArray(value) ? plural(value.length, "item") : plural(Object.keys(value).length, "member")
        return html`<li data-changed=${hasChanged ? mark : nothing}>
            <button class="plain fold" aria-expanded=${isOpen} @click=${() => this.#fold(path, !isOpen)}>
                <span class="twist" aria-hidden="true"></span><span class="name">${name}</span>
                <span class="muted">${size}</span></button>
            ${isOpen ? html`<ul>${this.#members(value, path, depth + 1)}</ul>` : nothing}
        </li>`
    }

    /**
     * @param {unknown} value
     * @param {string} path
     */
    #leaf(value, path) {
        if (typeof value !== "string") {
            const shown = isBranch(value) ? (Array.isArray(value) ? "[]" : "{}") : String(value)
            return html`<span class="leaf" data-type=${value === null ? "null" : typeof value}>${shown}</span>`
        }
        const isCut = value.length > longest && !this.#whole.has(path)
        return html`<span class="leaf" data-type="string">${isCut ? value.slice(0, longest) + "…" : value}</span>
            ${isCut ? html`<button class="plain more" @click=${() => this.#showWhole(path)}>
                all ${plural(value.length, "character")}</button>` : nothing}`
    }

    /** @param {string} path */
    #changedBelow(path) {
        for (const each of this.changed) if (each.startsWith(path + "/")) return true
        return false
    }

    /**
     * @param {string} path
     * @param {boolean} isOpen
     */
    #fold(path, isOpen) {
        this.#folds.set(path, isOpen)
        this.requestUpdate()
    }

    /**
     * @param {string} path
     * @param {number} most
     */
    #showMore(path, most) {
        this.#shown.set(path, most + atOnce)
        this.requestUpdate()
    }

    /** @param {string} path */
    #showWhole(path) {
        this.#whole.add(path)
        this.requestUpdate()
    }
}

customElements.define("sj-tree", SjTree)
