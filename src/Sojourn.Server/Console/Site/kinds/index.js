// @ts-check
// Pages of single kinds. A kind that is not here gets the general ones, which know nothing but the API.

/** @typedef {import("../lib/session-watch.js").SessionWatch} SessionWatch */
/** @typedef {import("../lib/kinds.js").Kind} Kind */

/**
 * @typedef {object} Parameters An element that asks for what a session begins with, as `sj-form` does.
 * @property {() => unknown} read What is filled in; undefined, with the faults shown, if that makes no sense.
 * @property {(path: string | undefined, says: string) => boolean} showFault Shows what the server says at the field
 *   that it names; false if there is no such field.
 */

/**
 * @typedef {object} KindViews What a module of a kind exports.
 * @property {(kind: Kind) => boolean} knows False if a kind has the name and is another.
 * @property {(watch: SessionWatch, isGone: boolean) => unknown} [session] Stands below a session's header, as a Lit
 *   template; asked anew whenever the session changes. The general parts are folded away below it.
 * @property {boolean} [foldsHead] True if the session's header is folded away with the general parts.
 * @property {() => unknown} [parameters] Stands in place of the form for what a session begins with: a template of one
 *   element with the class `parameters`, which is a `Parameters`.
 * @property {(status: string) => number} [rank] Where in a list of sessions one of a status stands, unless the list is
 *   sorted otherwise.
 * @property {(owner: string) => unknown} [list] Stands above a list of sessions of this kind alone; of this owner, or
 *   of whoever there is.
 */

/** Loaded when they are needed. @type {Record<string, () => Promise<KindViews>>} */
const modules = {
    agent: () => import("./agent.js"),
    explorer: () => import("./explorer.js"),
    generation: () => import("./generation.js"),
    party: () => import("./party.js"),
    play: () => import("./play.js"),
}

/**
 * @param {Kind | undefined} kind As the server describes it.
 * @returns {Promise<Partial<KindViews>>}
 */
export async function viewsOf(kind) {
    if (!kind || !Object.hasOwn(modules, kind.name)) return {}
    const views = await modules[kind.name]()
    return views.knows(kind) ? views : {}
}
