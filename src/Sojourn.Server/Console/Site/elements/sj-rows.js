// @ts-check
import { classMap, html, nothing, repeat } from "../vendor/lit.js"
import { keyOf } from "../lib/filter.js"
import { linkTo } from "../lib/router.js"
import { nextSort } from "../lib/sorting.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"
import "./sj-time.js"

/** @typedef {import("../lib/types.js").SessionRow} SessionRow */

const columns = [
    ["id", "Session"], ["kind", "Kind"], ["status", "Status"], ["owner", "Owner"], ["version", "Version"],
    ["active", "Active"], ["created", "Created"], ["expires", "Expires"],
]

const skeletonRows = 12

/** The table of sessions. Tells of what is clicked with the events "sort", "choose" and "narrow". */
export class SjRows extends SjElement {
    static properties = {
        rows: { attribute: false }, sort: {}, isLoaded: { attribute: false }, chosen: { attribute: false },
        withOwner: { attribute: false },
    }

    constructor() {
        super()
        /** @type {SessionRow[]} */
        this.rows = []
        this.sort = ""
        this.isLoaded = false
        /** @type {Set<string>} */
        this.chosen = new Set()
        this.withOwner = false
    }

    render() {
        const shown = columns.filter(([name]) => this.withOwner || name !== "owner")
        const areAll = this.rows.length > 0 && this.chosen.size === this.rows.length
        return html`<div class="table-box" tabindex="0" role="region" aria-label="Sessions">
            <table class="rows">
                <caption class="hidden">Sessions, newest first</caption>
                <thead><tr>
                    <th scope="col" class="check"><input type="checkbox" aria-label="Select all on this page"
                        .checked=${areAll} .indeterminate=${!areAll && this.chosen.size > 0}
                        @change=${(/** @type {Event} */ event) => this.#choose(this.rows, event)}></th>
                    ${shown.map(([name, title]) => this.#head(name, title))}
                    <th scope="col">Labels</th>
                </tr></thead>
                <tbody aria-busy=${!this.isLoaded}>
                    ${this.isLoaded ? repeat(this.rows, keyOf, (row) => this.#row(row))
                        : this.#skeleton(shown.length + 2)}
                </tbody>
            </table>
        </div>`
    }

    /**
     * @param {string} name
     * @param {string} title
     */
    #head(name, title) {
        const order = this.sort === name ? "ascending" : this.sort === `-${name}` ? "descending" : nothing
        const arrow = order === "ascending" ? "↑" : order === "descending" ? "↓" : ""
        return html`<th scope="col" aria-sort=${order} class=${name === "version" ? "number" : ""}>
            <button class="plain" title="Sorts the rows of this page by ${title.toLowerCase()}"
                @click=${() => this.#tell("sort", nextSort(this.sort, name))}>${title}<span class="arrow"
                aria-hidden="true">${arrow}</span></button></th>`
    }

    /** @param {SessionRow} row */
    #row(row) {
        const isChosen = this.chosen.has(keyOf(row))
        const label = (/** @type {[string, string]} */ [name, value]) => html`<button class="label"
            title="Show only sessions with ${name}: ${value}"
            @click=${() => this.#tell("narrow", { labels: [`${name}:${value}`] })}>${name}: ${value}</button>`
        return html`<tr class=${classMap({ chosen: isChosen })}>
            <td class="check"><input type="checkbox" aria-label="Select ${row.id}" .checked=${isChosen}
                @change=${(/** @type {Event} */ event) => this.#choose([row], event)}></td>
            <th scope="row" class="id"><a href=${linkTo(row)}>${row.id}</a></th>
            <td data-title="Kind">${row.kind}</td>
            <td data-title="Status"><sj-status status=${row.status} ?busy=${row.busy} ?final=${row.final}>
                </sj-status></td>
            ${this.withOwner ? html`<td data-title="Owner">${row.owner}</td>` : nothing}
            <td data-title="Version" class="number">${row.version}${row.durableVersion < row.version
                ? html`<span class="muted" title="Durable version"> (${row.durableVersion})</span>` : nothing}</td>
            <td data-title="Active"><sj-time at=${row.lastActivityAt}></sj-time></td>
            <td data-title="Created"><sj-time at=${row.createdAt}></sj-time></td>
            <td data-title="Expires">${row.expiresAt
                ? html`<sj-time at=${row.expiresAt}></sj-time>` : html`<span class="muted">never</span>`}</td>
            <td data-title="Labels" class="labels">${Object.entries(row.labels).map(label)}</td>
        </tr>`
    }

    /** As high as rows, so that nothing moves when they come. @param {number} width */
    #skeleton(width) {
        return Array.from({ length: skeletonRows }, () => html`<tr aria-hidden="true">
            ${Array.from({ length: width }, () => html`<td><span class="skeleton"></span></td>`)}</tr>`)
    }

    /**
     * @param {SessionRow[]} rows
     * @param {Event} event
     */
    #choose(rows, event) {
        this.#tell("choose", { rows, isChosen: /** @type {HTMLInputElement} */ (event.target).checked })
    }

    /**
     * @param {string} what
     * @param {unknown} detail
     */
    #tell(what, detail) {
        this.dispatchEvent(new CustomEvent(what, { detail }))
    }
}

customElements.define("sj-rows", SjRows)
