// @ts-check
import { html, nothing, svg } from "../vendor/lit.js"
import { isOpen, latency, loss, natWords, pairWords } from "../lib/party.js"
import { labelsOf, linesOf, mostSpread, narrow, shortened, spotsOf } from "../lib/party-graph.js"
import { relative, ticker } from "../lib/times.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/party.js").Member} Member */
/** @typedef {import("../lib/party.js").Pair} Pair */
/** @typedef {import("../lib/party-graph.js").Point} Point */
/** @typedef {import("../lib/party-graph.js").Spot} Spot */

/** So many members at most have all their edges labelled, on a desk and on a phone; of more, those of one. */
const mostLabelled = 8, mostLabelledNarrow = 4

/** Nothing was heard for so long, in milliseconds: something is wrong, though the seat is kept for longer. */
const silentAfter = 60_000

const highLoss = 5

/** A party as a graph: members on a circle, and between them the ways that they tell of. */
export class PtGraph extends SjElement {
    static properties = { party: { attribute: false }, pairs: { attribute: false }, chosen: { attribute: false } }

    #size = { width: 640, height: 480 }
    /** The id of the member that is pointed at. */
    #over = ""

    constructor() {
        super()
        /** @type {import("../lib/party.js").Party | undefined} */
        this.party = undefined
        /** @type {Pair[]} */
        this.pairs = []
        this.chosen = ""
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
            this.#size = { width: Math.max(280, width), height: Math.max(240, height) }
            this.requestUpdate()
        })
        this.updateComplete.then(() => {
            const ground = this.querySelector(".party-ground")
            if (ground && !signal.aborted) observer.observe(ground)
        })
        signal.addEventListener("abort", () => observer.disconnect(), { once: true })
        ticker.add(() => this.requestUpdate(), signal)
    }

    render() {
        const { party } = this
        if (!party) return nothing
        const { width, height } = this.#size
        const spots = spotsOf(party.members.length, this.#size)
        const places = new Map(party.members.map(({ id }, i) => [id, spots[i].at]))
        return html`<section class="card party-graph" aria-labelledby="graph-title">
            <div class="section-head"><h2 id="graph-title">Who reaches whom</h2>
                <p class="muted small" role="status">live</p></div>
            <div class="party-ground" ?data-few=${party.members.length <= 2}>
                <svg role="group" aria-label="The members; the table of ways says the same"
                viewBox="0 0 ${width} ${height}" ?data-many=${party.members.length > mostSpread}>
                ${this.#edges(places)}
                ${party.members.map((member, i) => this.#member(member, spots[i]))}
            </svg></div>
            ${legend}
        </section>`
    }

    /** @param {Map<string, Point>} places */
    #edges(places) {
        const told = this.pairs.filter(({ via }) => via !== undefined)
            .map((pair) => ({ pair, from: at(places, pair.one), to: at(places, pair.other) }))
        const isRoomy = places.size <= (this.#size.width < narrow ? mostLabelledNarrow : mostLabelled)
        const focus = this.chosen || this.#over
        const labelled = told.filter(({ pair }) => isOpen(pair) && (focus === "" ? isRoomy : isOf(pair, focus)))
        const labels = new Map(labelsOf(labelled, [...places.values()]).map((place, i) => [labelled[i].pair, place]))
        // What gets through is drawn over what does not, and figures over all lines.
        return svg`<g aria-hidden="true">${told
            .toSorted((one, other) => Number(isOpen(one.pair)) - Number(isOpen(other.pair)))
            .map(({ pair, from, to }) => svg`<g class="edge" data-via=${pair.via} data-pair=${pair.key}
                ?data-aside=${focus !== "" && !isOf(pair, focus)}>
                <title>${pairWords(pair)}</title>
                <line class="reach" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}/>
                <line class="line" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}/></g>`)}
            ${[...labels].map(([pair, place]) => figure(pair, place))}</g>`
    }

    /**
     * @param {Member} member
     * @param {Spot} spot
     */
    #member(member, spot) {
        const { id, name, address, nat, lastSeenAt } = member
        const party = /** @type {import("../lib/party.js").Party} */ (this.party)
        const isHost = id === party.host
        const radius = party.members.length > mostSpread ? 5 : 11
        const says = [name, address, isHost ? "host" : "", natWords(nat.kind), `last seen ${relative(lastSeenAt)}`]
            .filter((part) => part).join(", ")
        return svg`<g class="party-member" data-member=${id} ?data-host=${isHost}
            ?data-silent=${Date.now() - Date.parse(lastSeenAt) > silentAfter} ?data-chosen=${this.chosen === id}
            @click=${() => this.#choose(id)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#press(event, id)}
            @pointerenter=${() => this.#point(id)} @pointerleave=${() => this.#point("")}>
            <title>${says}</title>
            <g role="button" tabindex="0" aria-label=${says} aria-pressed=${this.chosen === id}>
                ${isHost ? svg`<circle class="halo" cx=${spot.at.x} cy=${spot.at.y} r=${radius + 4}/>` : nothing}
                <circle class="dot" cx=${spot.at.x} cy=${spot.at.y} r=${radius}/></g>
            ${this.#says(member, spot, isHost)}
        </g>`
    }

    /**
     * @param {Member} member
     * @param {Spot} spot
     * @param {boolean} isHost
     */
    #says({ name, address, nat, lastSeenAt }, { label: { x, y }, anchor, turn }, isHost) {
        const lines = linesOf(this.party?.members.length ?? 0, this.#size)
        if (lines === 1) {
            return svg`<text class="name" aria-hidden="true" x=${x} y=${y} dy="0.35em" text-anchor=${anchor}
                transform="rotate(${turn} ${x} ${y})">${shortened(name, 12)}</text>`
        }
        const most = this.#size.width < narrow ? 12 : 14
        return svg`<text aria-hidden="true" x=${x} y=${y} text-anchor=${anchor}>
            <tspan class="name" x=${x}>${shortened(name, most)}</tspan>
            <tspan class="address" x=${x} dy="14">${isHost ? "host " : ""}${address}</tspan>
            ${lines === 2 ? nothing : svg`<tspan class="more" x=${x} dy="14">${natWords(nat.kind)}</tspan>
                <tspan class="more" x=${x} dy="14">${relative(lastSeenAt)}</tspan>`}</text>`
    }

    /** @param {string} id */
    #choose(id) {
        this.dispatchEvent(new CustomEvent("choose", { detail: id, bubbles: true }))
    }

    /**
     * @param {KeyboardEvent} event
     * @param {string} id
     */
    #press(event, id) {
        const isClear = event.key === "Escape" && this.chosen !== ""
        if (event.key !== "Enter" && event.key !== " " && !isClear) return
        event.preventDefault()
        this.#choose(isClear ? this.chosen : id)
    }

    /** @param {string} id */
    #point(id) {
        this.#over = id
        this.requestUpdate()
    }
}

/** @param {Map<string, Point>} places @param {Member} member */
const at = (places, { id }) => /** @type {Point} */ (places.get(id))

/** @param {Pair} pair @param {string} id */
const isOf = ({ one, other }, id) => one.id === id || other.id === id

/** @param {Pair} pair @param {Point | undefined} place */
const figure = (pair, place) => place === undefined ? nothing
    : svg`<text class="figure" data-via=${pair.via} ?data-bad=${pair.lossPercent >= highLoss} x=${place.x}
        y=${place.y + 4} text-anchor="middle">${[
            pair.latencyMs === undefined ? "" : latency(pair.latencyMs),
            pair.lossPercent > 0 ? loss(pair.lossPercent) : "",
        ].filter((part) => part).join(", ")}</text>`

/** @type {[string, string][]} */
const lines = [["direct", "direct"], ["relay", "relayed"], ["webSocket", "over a WebSocket"],
    ["connecting", "connecting, or no way"]]

const legend = html`<ul class="party-legend small muted">${lines.map(([via, says]) => html`<li>
    <svg viewBox="0 0 32 8" aria-hidden="true"><g class="edge" data-via=${via}><line class="line" x1="0" y1="4" x2="32"
        y2="4"/></g></svg>${says}</li>`)}</ul>`

customElements.define("pt-graph", PtGraph)
