// @ts-check
// Something to do, as a button that says what it takes, or why it cannot be done.

import { html, nothing, repeat } from "../vendor/lit.js"
import { act, percent } from "../lib/explorer.js"
import { count } from "../lib/numbers.js"

/** @typedef {import("../lib/explorer.js").GameAction} GameAction */

/** Counts the digits that stand for what is listed; 1 to 9, then 0. */
export class Digits {
    #next = 1

    /** @param {GameAction} action @returns {string} Empty for what cannot be done, and beyond the tenth. */
    of({ available }) {
        return available && this.#next <= 10 ? String(this.#next++ % 10) : ""
    }
}

/** What tells an action from the others, whatever it costs now. @param {GameAction} action */
const keyOf = ({ command, parameters }) => [command, ...Object.values(parameters)].join(" ")

/** @param {GameAction} action */
export const cost = ({ credits, fuel, turns, chance }) => html`<span class="cost">
    ${credits === undefined ? nothing : html`<span class="credits" ?data-gain=${credits < 0}>
        ${credits < 0 ? "+" : ""}${count(Math.abs(credits))} cr</span>`}
    ${fuel === undefined ? nothing : html`<span>${fuel} fuel</span>`}
    ${turns === undefined ? nothing : html`<span>${turns === 1 ? "1 turn" : `${turns} turns`}</span>`}
    ${chance === undefined ? nothing : html`<span title="How likely it works">${percent(chance)}</span>`}</span>`

/**
 * @param {GameAction} action
 * @param {{ digit?: string, title?: string }} [how]
 */
export function actionRow(action, { digit = "", title = action.title } = {}) {
    const go = (/** @type {Event} */ event) => {
        if (action.available) act(/** @type {EventTarget} */ (event.currentTarget), action)
    }
    const says = action.available ? action.detail : action.why
    return html`<button class="act" data-key=${keyOf(action)} data-command=${action.command}
        data-digit=${digit || nothing} aria-disabled=${action.available ? nothing : "true"}
        aria-keyshortcuts=${digit || nothing} @click=${go}>
        <kbd aria-hidden="true" ?data-none=${!digit}>${digit}</kbd>
        <span class="act-title">${title}</span>${cost(action)}
        ${!says && !action.warning ? nothing : html`<span class="act-says">${says ?? ""}
            ${action.available && action.warning ? html`<span class="warn">⚠ ${action.warning}</span>` : nothing}
            </span>`}
    </button>`
}

/**
 * A list of them; what can be done comes first. A button stays with its action, wherever that stands now: what has the
 * focus is not suddenly something else.
 * @param {GameAction[]} actions
 * @param {Digits} digits
 */
export function actionList(actions, digits) {
    const [can, cannot] = [actions.filter(({ available }) => available), actions.filter(({ available }) => !available)]
    return html`<div class="acts">${repeat([...can, ...cannot], keyOf, (action) =>
        actionRow(action, { digit: digits.of(action) }))}</div>`
}
