// @ts-check
// The pages of Cosmic Explorer: a game is begun, and played.

import { html } from "../vendor/lit.js"
import "../elements/ex-game.js"
import "../elements/ex-start.js"

/** @param {import("../lib/kinds.js").Kind} kind */
export const knows = (kind) => ["pilot", "seed", "ruleSet"].every((name) =>
    Object.hasOwn(kind.start.schema.properties ?? {}, name))

/** The game's own head says how it stands. */
export const foldsHead = true

/**
 * @param {import("../lib/session-watch.js").SessionWatch} watch
 * @param {boolean} isGone
 */
export const session = (watch, isGone) =>
    html`<ex-game .of=${watch} .session=${watch.session} .events=${watch.events} .isGone=${isGone}></ex-game>`

export const parameters = () => html`<ex-start class="parameters"></ex-start>`
