// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { percent } from "../lib/explorer.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/explorer.js").GameOptions} GameOptions */

const slotNames = /** @type {Record<string, string>} */ ({
    high: "High", mid: "Mid", low: "Low", rig: "Rig",
})

/** The ship: its slots, what they add up to, and the pod. */
export class ExShip extends SjElement {
    static properties = { options: { attribute: false } }

    constructor() {
        super()
        /** @type {GameOptions | undefined} */
        this.options = undefined
    }

    render() {
        if (!this.options) return nothing
        const { ship, slots, stats, pod } = this.options
        return html`
            <h2>Ship: ${ship}</h2>
            <dl class="slots">${slots.map(({ type, slots: most, fitted }) => html`<div>
                <dt>${slotNames[type] ?? type}</dt>
                <dd>${most === 0 && fitted.length === 0 ? html`<span class="muted">none</span>` : nothing}
                    ${fitted.map(({ name }) => html`<span class="slot" data-fitted>${name}</span>`)}
                    ${Array.from({ length: Math.max(0, most - fitted.length) }, () =>
                        html`<span class="slot">free</span>`)}</dd></div>`)}</dl>
            <dl class="figures">
                ${figure("Weapons", stats.combatPower || "none")}
                ${figure("Accuracy", stats.accuracy ? `+${percent(stats.accuracy)}` : "plain")}
                ${figure("Speed", round(stats.speed))}
                ${figure("Fuel burnt", `×${round(stats.fuelEfficiency)}`)}
                ${stats.miningYield > 1 ? figure("Mining", `×${round(stats.miningYield)}`) : nothing}
                ${stats.scanBonus > 1 ? figure("Finds", `×${round(stats.scanBonus)}`) : nothing}
                ${stats.hullRepair > 0 ? figure("Repairs", `${stats.hullRepair} a turn`) : nothing}
            </dl>
            <div class="pod"><h3>Escape pod</h3>${pod ? html`
                <p>${pod.hp} of ${pod.maxHp}${pod.flying ? html`, <strong>you are in it</strong>` : nothing}</p>
                <p class="pod-parts">${pod.augmentations.length === 0 ? html`<span class="muted">nothing added</span>`
                    : pod.augmentations.map(({ name }) => html`<span class="slot" data-fitted>${name}</span>`)}</p>`
                : html`<p class="muted">none: if the ship is lost, so are you</p>`}</div>`
    }
}

/** @param {number} number */
const round = (number) => Math.round(number * 100) / 100

/**
 * @param {string} name
 * @param {unknown} value
 */
const figure = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

customElements.define("ex-ship", ExShip)
