// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { plural } from "../lib/numbers.js"
import { byTrouble, forecast, isOpen, latency, loss, memberOf, pairWords, viaWords } from "../lib/party.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/party.js").Pair} Pair */

/** Of more, those that go well are left out; a member's own are always all there. */
const mostRows = 40

/** The pairs of a party in a table: what the graph shows, and what to expect where there is no way yet. */
export class PtPairs extends SjElement {
    static properties = { party: { attribute: false }, pairs: { attribute: false }, chosen: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/party.js").Party | undefined} */
        this.party = undefined
        /** @type {Pair[]} */
        this.pairs = []
        this.chosen = ""
    }

    render() {
        const { party, chosen } = this
        if (!party) return nothing
        const member = memberOf(party, chosen)
        const own = member ? this.pairs.filter(({ one, other }) => one === member || other === member) : this.pairs
        const sorted = own.length > mostRows ? own.toSorted(byTrouble) : own
        const shown = member ? sorted : sorted.slice(0, mostRows)
        return html`<section class="card party-pairs" aria-labelledby="pairs-title">
            <div class="section-head"><h2 id="pairs-title">${member ? `Ways of ${member.name}` : "Ways"}</h2>
                <div class="spacer"></div>
                ${member ? html`<button @click=${() => this.#choose(chosen)}>Show all</button>` : nothing}</div>
            ${shown.length === 0 ? html`<p class="muted">There are none while only one is here.</p>`
                : html`<div class="party-table" tabindex="0" role="group" aria-labelledby="pairs-title"><table>
                    <thead><tr><th scope="col">Between</th><th scope="col">Way</th>
                        <th scope="col" class="number">Latency</th><th scope="col" class="number">Loss</th></tr></thead>
                    <tbody>${repeat(shown, ({ key }) => key, row)}</tbody></table></div>`}
            ${own.length > shown.length ? html`<p class="muted small">And ${plural(own.length - shown.length, "pair")}
                with less trouble. Choose a member in the graph to see all of its.</p>` : nothing}
        </section>`
    }

    /** @param {string} id */
    #choose(id) {
        this.dispatchEvent(new CustomEvent("choose", { detail: id, bubbles: true }))
    }
}

/** @param {Pair} pair */
function row(pair) {
    const { one, other, via, latencyMs, lossPercent } = pair
    const isMeasured = isOpen(pair)
    return html`<tr data-via=${via ?? "unknown"} title=${pairWords(pair)}>
        <th scope="row">${one.name} – ${other.name}</th>
        <td><span class="way">${via ? viaWords(via) : "none told yet"}</span>
            <span class="small muted">${isMeasured ? sidesOf(pair) : `Expected: ${forecast(one.nat.kind,
                other.nat.kind)}.`}</span></td>
        <td class="number">${isMeasured && latencyMs !== undefined ? latency(latencyMs) : "–"}</td>
        <td class="number">${isMeasured ? loss(lossPercent) : "–"}</td></tr>`
}

/** What is worth a second line: through what, or that the two do not agree. @param {Pair} pair */
function sidesOf({ sides, via }) {
    if (sides.length === 1) return `as ${sides[0].by.name} says alone`
    const better = sides.find(({ path }) => path.via !== via)
    if (better) return `${better.by.name} says ${viaWords(better.path.via)}`
    return [...new Set(sides.map(({ path }) => path.detail).filter((detail) => detail !== ""))].join(", ")
}

customElements.define("pt-pairs", PtPairs)
