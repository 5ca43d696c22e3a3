// @ts-check

import { sortable } from "./times.js"

/** @typedef {import("./types.js").SessionRow} SessionRow */

/** What the rows of a page can be sorted by. @type {Record<string, (row: SessionRow) => string | number>} */
const columns = {
    id: (row) => row.id,
    kind: (row) => row.kind,
    status: (row) => row.status,
    owner: (row) => row.owner,
    version: (row) => row.version,
    created: (row) => sortable(row.createdAt),
    active: (row) => sortable(row.lastActivityAt),
    expires: (row) => sortable(row.expiresAt ?? "~"),
}

/**
 * Sorts one page; if nothing is asked for, as the server has it (newest first), by rank where statuses have one.
 * @param {SessionRow[]} rows
 * @param {string} sort A column, with '-' before it from the largest down.
 * @param {(status: string) => number} [rank]
 */
export function sorted(rows, sort, rank) {
    const isDown = sort.startsWith("-")
    const column = columns[sort.replace("-", "")]
    if (!column) return rank ? rows.toSorted((one, other) => rank(one.status) - rank(other.status)) : rows
    const sign = isDown ? -1 : 1
    return rows.toSorted((one, other) => {
        const [left, right] = [column(one), column(other)]
        return left === right ? 0 : (left < right ? -sign : sign)
    })
}

/**
 * What a click on a column's title leads to: up, down, and back to the server's own order.
 * @param {string} sort
 * @param {string} column
 */
export const nextSort = (sort, column) => sort === column ? `-${column}` : sort === `-${column}` ? "" : column
