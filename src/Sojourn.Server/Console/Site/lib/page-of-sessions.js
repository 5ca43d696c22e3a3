// @ts-check
// One page of the list of sessions, kept as it is now. Never more than a page, however many there are.

import { getJson } from "./api.js"
import { changesPath, countPath, fits, keyOf, listPath, rowsOnAPage } from "./filter.js"
import { follow } from "./live.js"
import { missed } from "./numbers.js"
import { sortable } from "./times.js"

/** @typedef {import("./types.js").SessionRow} SessionRow */
/** @typedef {import("./filter.js").Filter} Filter */

const countPace = 3000

/** So often the server is asked to look on for one page; after that a person is. */
const mostLooks = 200

/** Fires "change" when anything of it has changed. */
export class PageOfSessions extends EventTarget {
    /** Newest first. @type {SessionRow[]} */
    rows = []
    /** The cursor of the next page, if there is one. @type {string | undefined} */
    next
    /** How many fit the filter. @type {{ count: number, atLeast: boolean } | undefined} */
    count
    /** Why there is no page. @type {unknown} */
    fault
    isLoaded = false
    /** How many have begun since, for whom there is no place on this page. */
    newer = 0

    #stop = new AbortController()
    /** Rows went over the edge: the next page begins higher up than it did. */
    #isShifted = false
    #newerKeys = /** @type {Set<string>} */ (new Set())
    /** When the newest of all began, as a later page was opened. @type {string | undefined} */
    #newestThen
    #timer = 0
    #isTelling = false

    /**
     * @param {Filter} filter
     * @param {boolean} admin
     */
    constructor(filter, admin) {
        super()
        this.filter = filter
        this.admin = admin
    }

    get isFirst() {
        return this.filter.cursor === ""
    }

    get hasNext() {
        return this.next !== undefined || this.#isShifted
    }

    start() {
        const reading = {
            path: () => changesPath(this.filter, this.admin),
            opened: (/** @type {boolean} */ isBack) => this.#load(isBack),
            take: (/** @type {import("./sse.js").ServerEvent} */ event) => this.#take(event),
            failed: (/** @type {import("./api.js").Problem} */ problem) => this.#fail(problem),
        }
        follow(reading, this.#stop.signal)
    }

    stop() {
        this.#stop.abort()
        clearTimeout(this.#timer)
    }

    /** The cursor of the next page as it is now. @returns {Promise<string | undefined>} */
    async findNext() {
        if (this.#isShifted) await this.#load(true)
        return this.next
    }

    /** @param {boolean} isBack */
    async #load(isBack) {
        const before = new Map(this.rows.map((row) => [keyOf(row), row.version]))
        if (!this.isFirst) this.#newestThen ??= await this.#readNewest()
        await this.#read()
        this.isLoaded = true
        this.fault = undefined
        this.#isShifted = false
        this.#countSoon(0)
        this.#changed()
        const found = this.rows.filter((row) => before.get(keyOf(row)) !== row.version).length
        return isBack ? missed(found, "change") : undefined
    }

    /** A server that searches stops looking after a while, with few rows or none; it is asked to look on. */
    async #read() {
        /** @type {SessionRow[]} */
        let rows = []
        /** @type {string | undefined} */
        let cursor = this.filter.cursor
        for (let looks = 0; looks < mostLooks; looks++) {
            const piece = { cursor, limit: rowsOnAPage - rows.length }
            const page = await getJson(listPath(this.filter, this.admin, piece), this.#stop.signal)
            const { sessions, next } = /** @type {{ sessions: SessionRow[], next?: string }} */ (page)
            rows = [...rows, ...sessions]
            cursor = next
            if (!cursor || rows.length >= rowsOnAPage) break
            if (rows.length > this.rows.length) {
                Object.assign(this, { rows, next, isLoaded: true })
                this.#changed()
            }
        }
        this.rows = rows
        this.next = cursor
    }

    async #readNewest() {
        const path = listPath(this.filter, this.admin, { cursor: "", limit: 1 })
        const { sessions } = /** @type {{ sessions: SessionRow[] }} */ (await getJson(path, this.#stop.signal))
        return sortable(sessions[0]?.createdAt ?? "")
    }

    /** @param {import("./api.js").Problem} problem @returns {boolean} True if it is the question that is wrong. */
    #fail(problem) {
        if (!this.isLoaded) this.fault = problem
        this.#changed()
        return problem.status >= 400 && problem.status < 500 && !problem.retryable
    }

    /** @param {import("./sse.js").ServerEvent} event */
    async #take(event) {
        if (event.event === "sessions-missed") {
            await this.#load(false)
            return
        }
        const told = JSON.parse(event.data)
        if (event.event === "session") this.#put(told)
        else if (event.event === "session-removed") this.#takeOut(keyOf(told))
        else if (event.event === "session-damaged") this.#markDamaged(keyOf(told))
        this.#countSoon(countPace)
        this.#changed()
    }

    /** @param {SessionRow} row */
    #put(row) {
        const key = keyOf(row)
        const place = this.rows.findIndex((each) => keyOf(each) === key)
        if (!fits(this.filter, row)) {
            if (place >= 0) this.#takeOut(key)
            return
        }
        if (place >= 0) {
            this.rows = this.rows.with(place, row)
            return
        }
        const before = this.rows.findIndex((each) => isBefore(row, each))
        if (!this.isFirst && (before === 0 || this.rows.length === 0)) this.#countNewer(key, row)
        else if (before >= 0) this.#insert(row, before)
        // Older than all that are here, it is on a page that follows, if there is one.
        else if (!this.hasNext) this.#insert(row, this.rows.length)
    }

    /**
     * @param {SessionRow} row
     * @param {number} place
     */
    #insert(row, place) {
        const rows = this.rows.toSpliced(place, 0, row)
        this.#isShifted ||= rows.length > rowsOnAPage
        this.rows = rows.slice(0, rowsOnAPage)
    }

    /**
     * @param {string} key
     * @param {SessionRow} row Is on a page before this one; that it has changed does not make it new.
     */
    #countNewer(key, row) {
        if (sortable(row.createdAt) <= (this.#newestThen ?? "")) return
        this.#newerKeys.add(key)
        this.newer = this.#newerKeys.size
    }

    /** @param {string} key */
    #takeOut(key) {
        this.rows = this.rows.filter((row) => keyOf(row) !== key)
        if (this.#newerKeys.delete(key)) this.newer = this.#newerKeys.size
        // A page that has become empty is filled from what follows.
        if (this.rows.length === 0 && this.next) this.#load(false).catch(() => {})
    }

    /** @param {string} key */
    #markDamaged(key) {
        this.rows = this.rows.map((row) => keyOf(row) === key ? { ...row, status: "damaged" } : row)
    }

    /** @param {number} wait */
    #countSoon(wait) {
        if (wait === 0) clearTimeout(this.#timer)
        else if (this.#timer !== 0) return
        this.#timer = window.setTimeout(async () => {
            try {
                this.count = await getJson(countPath(this.filter, this.admin), this.#stop.signal)
            } catch {
                // The list says what is wrong; without a count it is still whole.
                this.count = undefined
            }
            this.#timer = 0
            this.#changed()
        }, wait)
    }

    /** Tells once a frame, however much has come. */
    #changed() {
        if (this.#isTelling) return
        this.#isTelling = true
        requestAnimationFrame(() => {
            this.#isTelling = false
            this.dispatchEvent(new Event("change"))
        })
    }
}

/**
 * Newest first, and by name what began at once: as the server has it.
 * @param {SessionRow} one
 * @param {SessionRow} other
 */
function isBefore(one, other) {
    const [left, right] = [sortable(one.createdAt), sortable(other.createdAt)]
    return left === right ? one.id < other.id : left > right
}
