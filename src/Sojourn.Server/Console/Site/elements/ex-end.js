// @ts-check
import { html } from "../vendor/lit.js"
import { capital, words } from "../lib/explorer.js"
import { count } from "../lib/numbers.js"
import { newLink } from "../lib/router.js"

/** @typedef {import("../lib/explorer.js").Shown} Shown */

/** What only the machine counts. */
const untold = new Set(["salvaged"])

/**
 * How it ended, and what was done until then.
 * @param {Shown} shown
 * @param {() => void} again Begins a game on the same map.
 */
export function end({ game, options, status }, again) {
    return html`<p class="tale" id="game-tale">${game.ending?.text ?? ""}</p>
        <dl class="tally">
            ${row("Wealth", options.goal.wealth)}${row("Turns", options.goal.turn)}
            ${row("Quests done", game.completedQuests.length)}
            ${Object.entries(game.statistics).filter(([name]) => !untold.has(name)).map(([name, value]) =>
                row(capital(words(name)), value))}
        </dl>
        <div class="actions">
            <a class="button primary" href=${newLink("explorer")}>New game</a>
            <button @click=${again}>${status === "won" ? "Play this map again" : "Try this map again"}</button>
        </div>`
}

/**
 * @param {string} name
 * @param {number} value
 */
const row = (name, value) => html`<div><dt>${name}</dt><dd>${count(value)}</dd></div>`
