// @ts-check
// Addresses. All that a page shows is in what follows the '#', so that a link shows it again.

/**
 * @typedef {object} Route
 * @property {"overview" | "session" | "new" | "unknown"} page
 * @property {string} [kind]
 * @property {string} [id]
 * @property {URLSearchParams} query
 */

/**
 * @param {string} hash As the address has it, with the '#'.
 * @returns {Route}
 */
export function parse(hash) {
    const [path, search = ""] = hash.replace(/^#/, "").split("?", 2)
    const query = new URLSearchParams(search)
    /** @type {string[]} */
    let parts
    try {
        parts = path.split("/").filter((part) => part !== "").map(decodeURIComponent)
    } catch {
        return { page: "unknown", query }
    }
    const [first, kind, id] = parts
    if (parts.length === 0) return { page: "overview", query }
    if (first === "new" && parts.length <= 2) return { page: "new", kind, query }
    if (first === "session" && parts.length === 3) return { page: "session", kind, id, query }
    return { page: "unknown", query }
}

/** @param {{ kind: string, id: string, owner: string }} session */
export function linkTo(session) {
    const owner = new URLSearchParams({ owner: session.owner })
    return `#/session/${encodeURIComponent(session.kind)}/${encodeURIComponent(session.id)}?${owner}`
}

/** @param {URLSearchParams} query */
export const overviewLink = (query) => query.size > 0 ? `#/?${query}` : "#/"

/** @param {string} [kind] */
export const newLink = (kind) => kind === undefined ? "#/new" : `#/new/${encodeURIComponent(kind)}`

/**
 * @param {string} hash
 * @param {{ replace?: boolean }} [how] Replaced, the former address is not one to go back to.
 */
export function go(hash, { replace = false } = {}) {
    if (hash === (location.hash || "#/")) return
    if (!replace) {
        location.hash = hash
        return
    }
    history.replaceState(null, "", hash)
    window.dispatchEvent(new HashChangeEvent("hashchange"))
}
