// @ts-check
// One page of the list of sessions, kept as it is now. Never more than a page, however many there are.

import { getJson } from "./api.js"
import { changesPath, countPath, fits, keyOf, listPath, rowsOnAPage } from "./filter.js"
import { follow } from "./live.js"
import { plural } from "./numbers.js"

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
    #timer = 0

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
        await this.#read()
        this.isLoaded = true
        this.fault = undefined
        this.#isShifted = false
        this.#countSoon(0)
        this.#changed()
        const missed = this.rows.filter((row) => before.get(keyOf(row)) !== row.version).length
        return isBack ? plural(missed, "change") : undefined
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

    /** @param {import("./api.js").Problem} problem @returns {boolean} True if it is the question that is wrong. */
    #fail(problem) {
        if (!this.isLoaded) this.fault = problem
        this.#changed()
        return problem.status >= 400 && problem.status < 500 && !problem.retryable
    }

    /** @param {import("./sse.js").ServerEvent} event */
    #take(event) {
        if (event.event === "sessions-missed") {
            this.#load(false).catch(() => {})
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
        const newest = this.rows[0]
        if (newest && row.createdAt < newest.createdAt) return
        if (!this.isFirst) {
            this.#newerKeys.add(key)
            this.newer = this.#newerKeys.size
            return
        }
        this.#isShifted ||= this.rows.length >= rowsOnAPage
        this.rows = [row, ...this.rows].slice(0, rowsOnAPage)
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

    #changed() {
        this.dispatchEvent(new Event("change"))
    }
}
