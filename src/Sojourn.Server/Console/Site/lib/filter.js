// @ts-check
// Which sessions the overview shows: read from the address, sent to the server, and held against what changes.

import { pathOf } from "./api.js"

/** @typedef {import("./types.js").SessionRow} SessionRow */

/**
 * @typedef {object} Filter
 * @property {string} kind
 * @property {string} status
 * @property {string} owner
 * @property {string} text
 * @property {string} show "busy", "ended", "damaged", or empty for all.
 * @property {string[]} labels As NAME:VALUE.
 * @property {string} cursor
 * @property {string} sort
 */

export const rowsOnAPage = 100

/**
 * @param {URLSearchParams} query
 * @returns {Filter}
 */
export const read = (query) => ({
    kind: query.get("kind") ?? "",
    status: query.get("status") ?? "",
    owner: query.get("owner") ?? "",
    text: query.get("text") ?? "",
    show: query.get("show") ?? "",
    labels: query.getAll("label"),
    cursor: query.get("cursor") ?? "",
    sort: query.get("sort") ?? "",
})

/** @param {Filter} filter */
export function write({ labels, ...single }) {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(single)) if (value !== "") query.set(name, value)
    for (const label of labels) query.append("label", label)
    return query
}

/** @param {Filter} filter */
export const isEmpty = (filter) => write({ ...filter, cursor: "", sort: "" }).size === 0

/**
 * As query parameters of the API.
 * @param {Filter} filter
 * @param {boolean} admin An admin sees everybody's unless one owner is asked for.
 */
const parameters = (filter, admin) => ({
    kind: filter.kind,
    status: filter.status,
    owner: admin ? filter.owner || "*" : undefined,
    text: filter.text,
    label: filter.labels,
    busy: filter.show === "busy" ? "true" : undefined,
    final: filter.show === "ended" ? "true" : undefined,
    damaged: filter.show === "damaged" ? "true" : undefined,
})

/**
 * @param {Filter} filter
 * @param {boolean} admin
 * @param {{ cursor: string, limit: number }} piece
 */
export const listPath = (filter, admin, { cursor, limit }) => pathOf(["v1", "sessions"],
    { ...parameters(filter, admin), limit: String(limit), cursor })

/**
 * @param {Filter} filter
 * @param {boolean} admin
 */
export const countPath = (filter, admin) => pathOf(["v1", "sessions", "count"], parameters(filter, admin))

/**
 * @param {Filter} filter
 * @param {boolean} admin
 */
export const changesPath = (filter, admin) => pathOf(["v1", "sessions", "changes"],
    { kind: filter.kind, owner: admin ? filter.owner || "*" : undefined })

/**
 * Whether a session that has changed belongs to what is shown. Damaged ones are known to the server alone.
 * @param {Filter} filter
 * @param {SessionRow} row
 */
export function fits(filter, row) {
    const text = filter.text.toLowerCase()
    return (filter.kind === "" || row.kind === filter.kind)
        && (filter.status === "" || row.status === filter.status)
        && (filter.owner === "" || row.owner === filter.owner)
        && (filter.show === "" || (filter.show === "busy" && row.busy) || (filter.show === "ended" && row.final))
        && (text === "" || [row.id, ...Object.values(row.labels)].some((each) => each.toLowerCase().includes(text)))
        && filter.labels.every((label) => {
            const colon = label.indexOf(":")
            return row.labels[label.slice(0, colon)] === label.slice(colon + 1)
        })
}

/** @param {{ kind: string, owner: string, id: string }} session */
export const keyOf = (session) => `${session.kind}/${session.owner}/${session.id}`
