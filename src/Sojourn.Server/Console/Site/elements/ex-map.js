// @ts-check
import { html, nothing, repeat, svg } from "../vendor/lit.js"
import { act, capital, dangerOf, percent, words } from "../lib/explorer.js"
import { marketMark, placeGlyph, questMark, ring, shipMark, small, yardMark } from "../lib/explorer-glyphs.js"
import {
    apart, directions, namesOf, nearest, reachOf, signsOf, signWidth, starsOf, viewOf, waysOf,
} from "../lib/explorer-map.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/explorer.js").MapNode} MapNode */
/** @typedef {import("../lib/explorer.js").MapRegion} MapRegion */
/** @typedef {import("../lib/explorer-map.js").Point} Point */
/** @typedef {import("../lib/explorer-map.js").View} View */

/** Less wide than this, in pixels, is a phone. */
const narrow = 480

/** The map as the player knows it: the region that the ship is in, or the whole of it. */
export class ExMap extends SjElement {
    static properties = { map: { attribute: false }, options: { attribute: false } }

    #isWhole = false
    #size = { width: 640, height: 480 }
    /** What is pointed at, by its id. */
    #over = ""

    constructor() {
        super()
        /** @type {import("../lib/explorer.js").GameMap | undefined} */
        this.map = undefined
        /** @type {import("../lib/explorer.js").GameOptions | undefined} */
        this.options = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
            this.#size = { width: Math.max(280, width), height: Math.max(240, height) }
            this.requestUpdate()
        })
        this.updateComplete.then(() => {
            const sky = this.querySelector(".sky")
            if (sky) observer.observe(sky)
        })
        signal.addEventListener("abort", () => observer.disconnect(), { once: true })
    }

    /** Shows all of the map, or the region again. */
    turn() {
        this.#isWhole = !this.#isWhole
        this.#over = ""
        this.requestUpdate()
    }

    render() {
        const { map } = this
        if (!map) return nothing
        const here = map.regions.find((region) => region.here)
        const { width, height } = this.#size
        return html`
            <div class="section-head">
                <h2>${this.#isWhole ? "Star map" : here?.name ?? "Star map"}</h2>
                <div class="spacer"></div>
                <div class="segments" role="group" aria-label="How much of the map">
                    <button aria-pressed=${!this.#isWhole} @click=${() => this.#isWhole && this.turn()}>Region</button>
                    <button aria-pressed=${this.#isWhole} @click=${() => this.#isWhole || this.turn()}>
                        Whole map</button>
                </div>
            </div>
            <div class="sky"><svg role="group" aria-label="Star map" viewBox="0 0 ${width} ${height}"
                data-zoom=${this.#isWhole ? "whole" : "region"} @keydown=${this.#press}>
                ${tints}
                ${starsOf(90, this.#size).map(({ x, y, r }) => svg`<circle class="star" cx=${x} cy=${y} r=${r}/>`)}
                ${this.#isWhole ? this.#whole(map) : here ? this.#near(map, here) : nothing}
            </svg></div>
            <p class="map-says" aria-hidden="true">${this.#says(map)}</p>
            ${legend}`
    }

    /** @param {import("../lib/explorer.js").GameMap} map */
    #whole(map) {
        const { width } = this.#size
        const margin = width < narrow ? 26 : 44
        const view = viewOf([...map.nodes, ...map.regions], this.#size, { x: margin, y: margin + 8 })
        return svg`
            ${map.regions.map((region) => this.#disc(map, region, view))}
            ${waysOf(map.regions).map(([from, to]) => line("lane", view.place(from), view.place(to),
                from.here && to.reachable || to.here && from.reachable))}
            ${this.#places(map.nodes, apart(map.nodes.map(view.place), 32, this.#size))}
            ${map.regions.filter(({ discovered }) => discovered).map((region) =>
                this.#sign(region, this.#above(map, region, view), width < narrow
                    ? { width: signWidth(region.name ?? "") * 0.8, height: 20 }
                    : { width: signWidth(region.name ?? ""), height: 34 }))}`
    }

    /**
     * Where a region's name hides none of its places.
     * @param {import("../lib/explorer.js").GameMap} map
     * @param {MapRegion} region
     * @param {View} view
     */
    #above(map, region, view) {
        const { x, y } = view.place(region)
        return { x, y: Math.max(20, y - reachOf(map, region) * view.scale - 36) }
    }

    /**
     * @param {import("../lib/explorer.js").GameMap} map
     * @param {MapRegion} here
     */
    #near(map, here) {
        const { width } = this.#size
        const nodes = map.nodes.filter((node) => node.region === here.id)
        // On a phone there is no room beside the places: the whole map has them.
        const next = width < narrow ? []
            : map.regions.filter((region) => region.discovered && here.neighbours.includes(region.id))
        const view = viewOf(nodes, this.#size, width < narrow ? { x: 56, y: 56 } : { x: 96, y: 104 })
        return svg`
            ${this.#disc(map, here, view)}
            ${this.#places(nodes, apart(nodes.map(view.place), 56, this.#size))}
            ${signsOf(here, next, this.#size).map(({ region, at, ...size }) => this.#sign(region, at, size))}`
    }

    /**
     * @param {import("../lib/explorer.js").GameMap} map
     * @param {MapRegion} region
     * @param {View} view
     */
    #disc(map, region, view) {
        const { x, y } = view.place(region)
        const radius = reachOf(map, region) * view.scale + (this.#isWhole ? 22 : 64)
        return svg`<circle class="region" cx=${x} cy=${y} r=${radius} fill="url(#tint-${region.type ?? "unknown"})"
            ?data-known=${region.discovered}/>`
    }

    /**
     * Places and the ways between them.
     * @param {MapNode[]} nodes
     * @param {Point[]} spots Where each of them is.
     */
    #places(nodes, spots) {
        const at = new Map(nodes.map(({ id }, i) => [id, spots[i]]))
        const spot = (/** @type {MapNode} */ { id }) => /** @type {Point} */ (at.get(id))
        const names = namesOf(nodes.map((node) =>
            ({ at: spot(node), name: node.name ?? "", lines: node.reachable ? 2 : 1, here: node.here })), this.#size)
        return svg`
            ${waysOf(nodes).map(([from, to]) => line("way", spot(from), spot(to),
                from.here && to.reachable || to.here && from.reachable))}
            ${repeat(nodes, ({ id }) => id, (node, i) => this.#node(node, spots[i], names[i]))}`
    }

    /**
     * @param {MapNode} node
     * @param {Point} at
     * @param {Point} name Where its name is, from there.
     */
    #node(node, { x, y }, name) {
        const action = this.#action("node", node.id)
        const isFar = this.#isWhole
        const state = node.here ? "here" : node.visited ? "visited" : node.discovered ? "known" : "unknown"
        return svg`<g class="node" data-id=${node.id} data-state=${state} ?data-reachable=${node.reachable}
            transform="translate(${x} ${y})" role=${action ? "button" : "img"} aria-label=${describe(node, action)}
            aria-disabled=${action && !action.available ? "true" : nothing}
            aria-current=${node.here ? "location" : nothing} tabindex=${node.here || action ? 0 : -1}
            @click=${() => this.#go(action)} @pointerenter=${() => this.#point(node.id)}
            @pointerleave=${() => this.#point("")} @focus=${() => this.#point(node.id)} @blur=${() => this.#point("")}>
            <g transform=${isFar ? "scale(0.62)" : nothing}>
                <circle class="hit" r="24"/>
                ${node.here || node.reachable ? svg`<circle class="halo" r="20.5"/>` : nothing}
                ${node.discovered ? ring(dangerOf(node.danger)) : nothing}
                <g class="body">${placeGlyph(node.type)}</g>
                ${node.hasRepair ? mark(15, yardMark) : nothing}
                ${node.market ? mark(node.hasRepair ? 32 : 15, marketMark) : nothing}
                ${node.quest ? svg`<g transform="translate(-13 -15)">${questMark}</g>` : nothing}
                ${node.here ? svg`<g transform="translate(0 -28)">${shipMark}</g>` : nothing}
            </g>
            ${isFar ? nothing : svg`<text x=${name.x} y=${name.y}>${node.name ?? ""}</text>
                ${node.reachable ? svg`<text class="cost" x=${name.x} y=${name.y + 14}>${node.hopFuel} fuel</text>`
                    : nothing}`}
        </g>`
    }

    /**
     * A region's name; also the way there.
     * @param {MapRegion} region
     * @param {{ x: number, y: number }} at
     * @param {{ width: number, height: number }} size
     */
    #sign(region, { x, y }, { width, height }) {
        const action = this.#action("region", region.id)
        const says = height < 30 ? "" : region.here ? "you are here" : action ? `jump, ${action.fuel} fuel` : ""
        return svg`<g class="sign" ?data-small=${height < 30} data-id=${region.id} ?data-reachable=${region.reachable}
            transform="translate(${Math.round(x)} ${Math.round(y)})" role=${action ? "button" : "img"}
            aria-label=${describeRegion(region, action)} tabindex=${action ? 0 : -1}
            aria-disabled=${action && !action.available ? "true" : nothing} @click=${() => this.#go(action)}
            @pointerenter=${() => this.#point(region.id)} @pointerleave=${() => this.#point("")}
            @focus=${() => this.#point(region.id)} @blur=${() => this.#point("")}>
            <rect x=${-width / 2} y=${-height / 2} width=${width} height=${height} rx="6"/>
            <text y=${says ? -2 : 4}>${region.name}</text>
            ${says ? svg`<text class="cost" y="12">${says}</text>` : nothing}
        </g>`
    }

    /** What is pointed at, or else where the ship is. @param {import("../lib/explorer.js").GameMap} map */
    #says({ nodes, regions }) {
        const region = regions.find(({ id }) => id === this.#over)
        if (region) {
            const action = this.#action("region", region.id)
            return html`<strong>${region.name ?? "Unknown region"}</strong> ${action?.why ?? action?.detail ?? ""}`
        }
        const node = nodes.find(({ id }) => id === this.#over) ?? nodes.find(({ here }) => here)
        if (!node) return nothing
        const action = this.#action("node", node.id)
        return html`${small(placeGlyph(node.type), "place")}<strong>${node.name ?? "Not known yet"}</strong>
            <span>${[...facts(node), action?.why].filter(Boolean).join(" · ")}</span>`
    }

    /**
     * @param {"node" | "region"} parameter
     * @param {string} id
     */
    #action(parameter, id) {
        return this.options?.actions.find(({ command, parameters }) =>
            command === "navigate" && parameters[parameter] === id)
    }

    /** @param {import("../lib/explorer.js").GameAction | undefined} action */
    #go(action) {
        if (action?.available) act(this, action)
    }

    /** @param {string} id */
    #point(id) {
        this.#over = id
        this.requestUpdate()
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        const target = /** @type {SVGGElement} */ (/** @type {Element} */ (event.target).closest("[data-id]"))
        if (!target) return
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault()
            target.dispatchEvent(new MouseEvent("click"))
        }
        const direction = directions[event.key]
        if (!direction) return
        event.preventDefault()
        const middle = (/** @type {Element} */ element) => {
            const { left, top, width, height } = /** @type {Element} */ (
                element.querySelector(".hit, rect")).getBoundingClientRect()
            return { x: left + width / 2, y: top + height / 2 }
        }
        const others = /** @type {SVGGElement[]} */ ([...this.querySelectorAll("[data-id]")])
            .filter((each) => each !== target && each.dataset.state !== "unknown")
        nearest(middle(target), direction, others.map((one) => ({ one, at: middle(one) })))?.one.focus()
    }
}

/**
 * @param {string} name
 * @param {{ x: number, y: number }} from
 * @param {{ x: number, y: number }} to
 * @param {boolean} isOpen
 */
const line = (name, from, to, isOpen) => svg`<line class=${name} ?data-open=${isOpen}
    x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}/>`

/**
 * @param {number} x
 * @param {unknown} content
 */
const mark = (x, content) => svg`<g transform="translate(${x} -14) scale(1.2)">${content}</g>`

/** @param {MapNode} node */
function facts({ type, danger, hasRepair, market, visited, quest, here }) {
    if (type === undefined) return ["unknown place"]
    return [words(type), `danger ${dangerOf(danger)}, ${percent(danger ?? 0)}`, hasRepair && "yard",
        market?.toLowerCase(), quest && "your quest leads here",
        here ? "you are here" : visited ? "visited" : "not visited yet"]
        .filter((fact) => typeof fact === "string")
}

/**
 * Names begin with what is written there, so that whoever speaks to the page can say it.
 * @param {MapNode} node
 * @param {import("../lib/explorer.js").GameAction | undefined} action
 */
const describe = (node, action) => `${node.name ?? "Unknown place"}${node.reachable ? ` ${node.hopFuel} fuel` : ""}: ${
    [node.reachable ? "fly there" : undefined, ...facts(node), action?.why].filter(Boolean).join(", ")}`

/**
 * @param {MapRegion} region
 * @param {import("../lib/explorer.js").GameAction | undefined} action
 */
const describeRegion = (region, action) => action
    ? [`${region.name} jump, ${action.fuel} fuel`, action.why ?? action.detail].filter(Boolean).join(". ")
    : `Region ${region.name ?? "not known yet"}${region.here ? ", you are here" : ""}`

const tints = svg`<defs>${["core_worlds", "frontier", "nebula_fields", "void_space", "ancient_sectors", "unknown"]
    .map((type) => svg`<radialGradient id="tint-${type}" class="tint-${type}">
        <stop offset="0"/><stop offset="1" class="rim"/></radialGradient>`)}</defs>`

/** @param {unknown} content */
const large = (content) => svg`<g transform="scale(1.5)">${content}</g>`

const types = ["planet", "station", "anomaly", "wormhole", "asteroid_field", "derelict"]

const legend = html`<details class="legend small"><summary>Legend</summary><ul>
    ${types.map((type) => html`<li>${small(placeGlyph(type), "place")}${capital(words(type))}</li>`)}
    ${["low", "medium", "high"].map((danger) => html`<li>${small(ring(danger, 10))}Danger ${danger}</li>`)}
    <li>${small(large(yardMark))}Yard</li><li>${small(large(marketMark))}Market</li>
    <li>${small(questMark)}Your quest</li><li>${small(large(shipMark))}You</li>
    <li>${small(svg`<circle class="halo" r="10"/>`, "reach")}In reach</li>
    <li>${small(placeGlyph("planet"), "place faint")}Not visited</li>
    <li>${small(placeGlyph("unknown"), "place")}Not known</li></ul></details>`

customElements.define("ex-map", ExMap)
