// @ts-check
// The page of a party: who is there, how they reach each other, and the invitation.

import { html } from "../vendor/lit.js"
import "../elements/pt-session.js"

/** @param {import("../lib/kinds.js").Kind} kind */
export const knows = (kind) => ["subnet", "endsWithHost", "invitation"].every((name) =>
    Object.hasOwn(kind.start.schema.properties ?? {}, name))

/** The party's own head says how it stands. */
export const foldsHead = true

/**
 * @param {import("../lib/session-watch.js").SessionWatch} watch
 * @param {boolean} isGone
 */
export const session = (watch, isGone) =>
    html`<pt-session .of=${watch} .session=${watch.session} .events=${watch.events} .isGone=${isGone}></pt-session>`
