// @ts-check
// The pages of agents: programs that people attach to, leave, and come back to.

import { html } from "../vendor/lit.js"
import "../elements/ag-list.js"
import "../elements/ag-search.js"
import "../elements/ag-session.js"
import "../elements/ag-start.js"
import { rankOf } from "../lib/agent.js"

/** @param {import("../lib/kinds.js").Kind} kind */
export const knows = (kind) => ["profile", "directory", "prompt"].every((name) =>
    Object.hasOwn(kind.start.schema.properties ?? {}, name))

/** An agent's own head says how it stands. */
export const foldsHead = true

/**
 * @param {import("../lib/session-watch.js").SessionWatch} watch
 * @param {boolean} isGone
 */
export const session = (watch, isGone) =>
    html`<ag-session .of=${watch} .session=${watch.session} .isGone=${isGone}></ag-session>`

export const parameters = () => html`<ag-start class="parameters"></ag-start>`

/** Those that wait for somebody come first. */
export const rank = rankOf

/** @param {string} owner */
export const list = (owner) => html`<ag-list></ag-list><ag-search .owner=${owner}></ag-search>`
