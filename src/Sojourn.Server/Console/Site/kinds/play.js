// @ts-check
// The pages of play sessions: who plays what, the saves, and what can be brought back after a crash.

import { html } from "../vendor/lit.js"
import "../elements/pl-session.js"

/** @param {import("../lib/kinds.js").Kind} kind */
export const knows = (kind) => ["pilot", "game", "checkpointSeconds"].every((name) =>
    Object.hasOwn(kind.start.schema.properties ?? {}, name))

/** The play's own head says how it stands. */
export const foldsHead = true

/**
 * @param {import("../lib/session-watch.js").SessionWatch} watch
 * @param {boolean} isGone
 */
export const session = (watch, isGone) =>
    html`<pl-session .of=${watch} .session=${watch.session} .events=${watch.events} .isGone=${isGone}></pl-session>`

const ranks = ["interrupted", "recovering", "playing", "archived", "ended"]

/** Those that wait for an answer come first. @param {string} status */
export const rank = (status) => ranks.indexOf(status) < 0 ? ranks.length : ranks.indexOf(status)
