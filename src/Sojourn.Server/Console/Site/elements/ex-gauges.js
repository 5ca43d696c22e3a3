// @ts-check
import { html, nothing, svg } from "../vendor/lit.js"
import { words } from "../lib/explorer.js"
import { statusPill } from "../lib/explorer-glyphs.js"
import { count, plural } from "../lib/numbers.js"
import { SjElement } from "./sj-element.js"

/** @typedef {{ value: number, most: number, tone?: string, says?: string }} Gauge */

/** The state of ship and pilot, and how far the game is. */
export class ExGauges extends SjElement {
    static properties = { shown: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/explorer.js").Shown | undefined} */
        this.shown = undefined
    }

    render() {
        if (!this.shown) return nothing
        const { game, options, status } = this.shown
        const { stats, goal, place, pod, ship } = options
        const isPod = pod?.flying === true
        return html`
            <div class="pilot">
                <p class="pilot-name">${game.pilot}</p>${statusPill(status)}
                <p class="muted">${ship} at ${place.name}, ${place.regionName}</p>
            </div>
            <div class="gauges">
                ${gauge("Wealth", { value: goal.wealth, most: goal.victoryWealth, tone: "goal", says: "to win" })}
                ${gauge("Turn", { value: goal.turn, most: goal.maxTurns, tone: "time", says: "then it is over" })}
                ${isPod ? gauge("Pod", { value: pod.hp, most: pod.maxHp })
                    : gauge("Hull", { value: game.hull, most: stats.maxHull })}
                ${gauge("Fuel", { value: game.fuel, most: options.maxFuel })}
                ${gauge("Health", { value: game.health, most: options.maxHealth })}
                ${gauge("Cargo", { value: stats.cargoUsed, most: stats.cargoCapacity, tone: "hold" })}
                <div class="figure-bar"><span>Food</span><span class="value">${count(game.food)}</span></div>
            </div>
            ${game.effects.length === 0 ? nothing : html`<p class="small muted effects">${game.effects.map(effect)
                .join(", ")}</p>`}`
    }
}

/** @param {{ type: string, value: number, turns: number }} what */
const effect = ({ type, value, turns }) =>
    `${type === "temp_hp" ? "shield" : words(type)} +${value} for ${plural(turns, "turn")}`

/** Less than this part is little. */
const little = 0.25

/** @param {string} tone @param {number} part */
function levelOf(tone, part) {
    if (tone === "goal" || tone === "enemy") return tone
    if (tone === "hold") return part > 1 ? "low" : "hold"
    if (tone === "time") return part > 1 - little ? "low" : "hold"
    return part <= little ? "low" : "fine"
}

/**
 * @param {string} name
 * @param {Gauge} gauge
 */
export function gauge(name, { value, most, tone = "", says = "" }) {
    const part = most > 0 ? value / most : value > 0 ? 2 : 0
    const level = levelOf(tone, part)
    return html`<div class="figure-bar" role="meter" aria-label=${name} aria-valuemin="0"
        aria-valuemax=${Math.max(most, value)} aria-valuenow=${value}
        aria-valuetext="${count(value)} of ${count(most)}${says ? ` ${says}` : ""}"
        data-level=${level}>
        <span>${name}${level === "low" ? html` <span class="alarm">!</span>` : nothing}</span>
        <span class="value">${count(value)}<span class="muted"> / ${count(most)}</span></span>
        ${bar(part)}</div>`
}

/** @param {number} part 0 to 1. */
export const bar = (part) => html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect width=${Math.max(0, Math.min(100, part * 100))} height="4"/>`}</svg>`

customElements.define("ex-gauges", ExGauges)
