// @ts-check
// One session as it is now, and its events as they come: what every session page is made from.

import { ask, getJson, isAbort, pathOf, Problem } from "./api.js"
import { follow } from "./live.js"
import { missed } from "./numbers.js"

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").SessionRow} SessionRow */
/** @typedef {import("./types.js").SessionEvent} SessionEvent */
/** @typedef {import("./types.js").EventPage} EventPage */

/** Not more often than this is a session read anew, however fast it changes. */
const pace = 250

/** So many events are kept and shown without being asked for; older ones are a button away. */
const mostEvents = 500

const eventsAtOnce = 200

/**
 * Fires "change" when anything of it has changed. One connection tells of all changes; what they were is read by
 * version and by offset, so that a break in between loses nothing.
 */
export class SessionWatch extends EventTarget {
    /** @type {Session | undefined} */
    session
    /** What it was before, to compare with. @type {Session | undefined} */
    before
    /** Oldest first. @type {SessionEvent[]} */
    events = []
    /** How many events are kept: more than at first once older ones were asked for, and room for those that come. */
    room = mostEvents
    /** How many events were no longer kept when they were to be read. */
    lostEvents = 0
    /** Why there is no session to show. @type {Problem | undefined} */
    problem
    /** Set when it went while somebody looked. @type {string | undefined} */
    removed

    #stop = new AbortController()
    /** The offset that is read on from. */
    #offset = ""
    /** @type {Promise<void> | undefined} */
    #refreshing
    #isStale = false

    /**
     * @param {string} kind
     * @param {string} id
     * @param {string | undefined} owner
     */
    constructor(kind, id, owner) {
        super()
        this.kind = kind
        this.id = id
        this.owner = owner
    }

    /** A path below the session's own. @param {string[]} below @param {Record<string, string>} [query] */
    path(below = [], query = {}) {
        return pathOf(["v1", this.kind, this.id, ...below], { ...query, owner: this.owner })
    }

    start() {
        const changes = pathOf(["v1", "sessions", "changes"], { kind: this.kind, id: this.id, owner: this.owner })
        follow({
            path: () => changes,
            opened: async (isBack) => {
                try {
                    const found = await this.#readAll()
                    return isBack ? missed(found, "event") : undefined
                } catch (fault) {
                    // There may be one yet, or it may be restored: what comes is told.
                    if (!(fault instanceof Problem) || !this.#fail(fault)) throw fault
                }
            },
            take: (event) => this.#take(event),
            failed: (problem) => this.#fail(problem),
        }, this.#stop.signal)
    }

    stop() {
        this.#stop.abort()
    }

    /** Reads what is new, soon and not too often. */
    refresh() {
        this.#isStale = true
        this.#refreshing ??= this.#keepFresh().finally(() => { this.#refreshing = undefined })
    }

    /** Reads older events. @returns {Promise<SessionEvent[]>} Those that were found. */
    async loadOlder() {
        const first = this.firstEvent
        if (first <= 1) return []
        this.room = Math.max(this.room, this.events.length + eventsAtOnce + mostEvents)
        const from = Math.max(0, first - 1 - eventsAtOnce)
        const page = await this.#page(String(from), first - 1 - from)
        const older = page.events.filter((event) => numberOf(event.offset) < first)
        if (older.length === 0) this.lostEvents = Math.max(this.lostEvents, first - 1)
        this.events = [...older, ...this.events]
        this.#changed()
        return older
    }

    /** The number of the oldest event that is shown; 0 if there is none. */
    get firstEvent() {
        return this.events.length > 0 ? numberOf(this.events[0].offset) : 0
    }

    async #keepFresh() {
        while (this.#isStale && !this.#stop.signal.aborted) {
            this.#isStale = false
            const began = Date.now()
            try {
                await this.#readAll()
            } catch (fault) {
                // The connection that told of the change is about to notice as well, and comes back by itself.
                if (!isAbort(fault) && fault instanceof Problem) this.#fail(fault)
            }
            await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + pace - Date.now())))
        }
    }

    /** @returns {Promise<number>} How many events were new. */
    async #readAll() {
        const headers = this.session ? { "if-none-match": `"${this.session.version}"` } : undefined
        const response = await ask("GET", this.path(), { headers, signal: this.#stop.signal })
        if (response.status !== 304) this.#put(await response.json())
        else if (this.session) this.session = { ...this.session, durableVersion: this.session.version }
        const found = await this.#readEvents()
        this.#changed()
        return found
    }

    /** @param {Session} session */
    #put(session) {
        const isOther = this.session && this.session.createdAt !== session.createdAt
        if (isOther) {
            // Removed, and begun anew under the same id.
            this.events = []
            this.room = mostEvents
            this.#offset = ""
        }
        if (isOther || this.session?.version !== session.version) this.before = isOther ? undefined : this.session
        this.session = session
        this.problem = undefined
        this.removed = undefined
    }

    async #readEvents() {
        const session = /** @type {Session} */ (this.session)
        if (this.#offset === "") {
            this.#offset = String(Math.max(0, numberOf(session.lastEvent) - eventsAtOnce))
        }
        let found = 0
        for (;;) {
            const page = await this.#page(this.#offset, 1000)
            if (page.snapshot) await this.#skip(page)
            this.events = [...this.events, ...page.events].slice(-this.room)
            found += page.events.length
            this.#offset = page.next
            if (page.upToDate) return found
        }
    }

    /**
     * Some of what is next is no longer kept: the oldest that is left is looked for, with halving steps.
     * @param {EventPage} page Is made to hold what is left.
     */
    async #skip(page) {
        const last = numberOf(page.next)
        let [gone, kept] = [numberOf(this.#offset), last]
        while (kept - gone > 1) {
            const middle = Math.floor((gone + kept) / 2)
            if ((await this.#page(String(middle), 1)).snapshot) gone = middle
            else kept = middle
        }
        this.lostEvents = kept
        if (kept < last) Object.assign(page, await this.#page(String(kept), 1000))
    }

    /**
     * @param {string} offset
     * @param {number} limit
     * @returns {Promise<EventPage>}
     */
    #page(offset, limit) {
        return getJson(this.path(["events"], { offset, limit: String(limit) }), this.#stop.signal)
    }

    /** @param {import("./sse.js").ServerEvent} event */
    #take(event) {
        if (event.event === "session-removed") {
            this.removed = JSON.parse(event.data).reason
            this.#changed()
        } else {
            this.refresh()
        }
    }

    /** @param {Problem} problem @returns {boolean} True if asking again would be answered the same. */
    #fail(problem) {
        if (problem.type === "not-found" && this.session) this.removed ??= "removed"
        const isAnswer = ["not-found", "damaged", "unknown-kind", "invalid-id", "forbidden"].includes(problem.type)
        if (isAnswer && !this.removed) this.problem = problem
        if (isAnswer) this.#changed()
        return isAnswer
    }

    #changed() {
        this.dispatchEvent(new Event("change"))
    }
}

/** The number of an event: an offset says which life of the session it is of, and then this. */
export const numberOf = (/** @type {string} */ offset) => Number(offset.slice(offset.lastIndexOf("_") + 1))
