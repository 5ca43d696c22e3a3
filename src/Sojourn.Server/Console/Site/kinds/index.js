// @ts-check
// Pages of single kinds. A kind that is not here gets the general ones, which know nothing but the API.

/** @typedef {import("../lib/session-watch.js").SessionWatch} SessionWatch */

/**
 * @typedef {object} KindViews What a module of a kind exports.
 * @property {(watch: SessionWatch) => unknown} [session] Shown between a session's header and its general parts, as a
 *   Lit template; asked anew whenever the session changes.
 * @property {(created: (session: import("../lib/types.js").SessionRow) => void) => unknown} [start] Stands in place of
 *   the form for a new session; tells of the session that it made.
 */

/** Loaded when they are needed. @type {Record<string, () => Promise<KindViews>>} */
const modules = {
}

/**
 * @param {string} kind
 * @returns {Promise<KindViews>}
 */
export async function viewsOf(kind) {
    return Object.hasOwn(modules, kind) ? modules[kind]() : {}
}
