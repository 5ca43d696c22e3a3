// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { enemyPicture, ownPicture } from "../lib/explorer-glyphs.js"
import { actionRow, Digits } from "./ex-action.js"
import { gauge } from "./ex-gauges.js"

/** @typedef {import("../lib/explorer.js").Shown} Shown */

/** A fight: both sides, and what can be done about it. @param {Shown} shown */
export function fight({ game, options }) {
    const { fight, pod, stats, actions } = options
    if (!fight) return nothing
    const isPod = pod?.flying === true
    const digits = new Digits()
    const row = (/** @type {import("../lib/explorer.js").GameAction} */ action) =>
        actionRow(action, { digit: digits.of(action) })
    const items = actions.filter(({ group }) => group === "onBoard")
    return html`
        <div class="sides">
            <div class="side">${ownPicture(isPod)}
                ${isPod ? gauge("You", { value: pod.hp, most: pod.maxHp })
                    : gauge("You", { value: game.hull, most: stats.maxHull })}</div>
            <p class="versus"><span class="small muted">Round</span>${fight.round}</p>
            <div class="side">${enemyPicture(fight.enemy)}
                ${gauge(fight.name, { value: fight.hp, most: fight.maxHp, tone: "enemy" })}</div>
        </div>
        <div class="acts">
            ${actions.filter(({ group }) => group === "fight").map(row)}
        </div>
        ${items.length === 0 ? nothing : html`<h3>Use</h3><div class="acts">${items.map(row)}</div>`}`
}

/** Something met: what it is, and the answers that it takes. @param {Shown} shown */
export function encounter({ game, options }) {
    const digits = new Digits()
    return html`<p class="tale" id="game-tale">${game.encounter?.text ?? ""}</p>
        <div class="acts">${options.actions.filter(({ group }) => group === "encounter").map((action) =>
            actionRow(action, { digit: digits.of(action) }))}</div>`
}
