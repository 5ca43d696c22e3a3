// @ts-check
// An agent as it is now: its state as it was read, and what the log has told since.

import { numberOf } from "./session-watch.js"

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").SessionEvent} SessionEvent */

/** @typedef {{ id: string, name: string, allows: boolean }} Choice */

/** @typedef {{ text: string, options: string[], several: boolean }} Question */

/**
 * @typedef {object} Ask
 * @property {string} id
 * @property {string} tool
 * @property {string} title
 * @property {string} detail
 * @property {Choice[]} choices
 * @property {string} at
 * @property {Question[]} questions
 */

/**
 * @typedef {object} Prompt
 * @property {string} id
 * @property {string} preview
 * @property {"queued" | "handedOver" | "acknowledged" | "cut"} state
 * @property {string} at
 * @property {string} [by]
 * @property {boolean} [hasContext]
 */

/**
 * @typedef {object} Agent
 * @property {string} profile
 * @property {"terminal" | "claude" | "acp"} protocol
 * @property {string} [title]
 * @property {string} [directory]
 * @property {string} status
 * @property {number} run
 * @property {Prompt[]} prompts
 * @property {{ number: number, beganAt: string }} [turn]
 * @property {Ask[]} asks
 * @property {number} backgroundTasks
 * @property {{ columns: number, rows: number }} size
 * @property {string} [sizeOwner]
 * @property {{ at: string, lastSeen: string, why: string }} [cut]
 * @property {string} [waitsFor]
 * @property {string} [error]
 * @property {{ code?: number, signal?: number, at: string }} [exit]
 * @property {string} [conversation]
 * @property {{ inputTokens: number, outputTokens: number, costUsd?: number }} usage
 */

/** The same session seen in two ways: whole now and then, and by each event at once. What is newer counts. */
export class AgentNow {
    /** @type {Session | undefined} */
    #base
    /** Newer than the base, oldest first. @type {SessionEvent[]} */
    #news = []
    /** @type {Agent | undefined} */
    #now

    /** As it is now; undefined before the session was read. */
    get agent() {
        if (!this.#base) return undefined
        this.#now ??= this.#news.reduce(after, /** @type {Agent} */ (this.#base.state))
        return this.#now
    }

    /** @param {Session | undefined} session As it was read; an older one than is known changes nothing. */
    read(session) {
        if (!session) return
        const isOther = session.createdAt !== this.#base?.createdAt
        if (!isOther && session.version <= (this.#base?.version ?? -1)) return
        this.#base = session
        const last = numberOf(session.lastEvent)
        this.#news = isOther ? [] : this.#news.filter((event) => numberOf(event.offset) > last)
        this.#now = undefined
    }

    /** @param {SessionEvent} event */
    take(event) {
        if (this.#base && numberOf(event.offset) <= numberOf(this.#base.lastEvent)) return
        const before = this.agent
        if (before) {
            this.#now = after(before, event)
            // Most events are pieces of texts, which change nothing here.
            if (this.#now === before) return
        }
        this.#news.push(event)
    }
}

/**
 * What an event makes of an agent.
 * @param {Agent} agent
 * @param {SessionEvent} event
 * @returns {Agent}
 */
function after(agent, event) {
    const data = /** @type {import("./kinds.js").Json} */ (event.data)
    switch (event.type) {
        case "status-changed":
            return { ...agent, status: data.to }
        case "renamed":
            return { ...agent, title: data.title }
        case "resized":
            return { ...agent, size: { columns: data.columns, rows: data.rows }, sizeOwner: data.by }
        case "background-changed":
            return { ...agent, backgroundTasks: data.tasks }
        case "place-awaited":
            return { ...agent, waitsFor: data.reason }
        case "resumed":
            return { ...agent, run: data.run, waitsFor: undefined, error: undefined, cut: undefined }
        case "process-started":
            return { ...agent, waitsFor: undefined }
        default:
            return afterWork(agent, event, data)
    }
}

/**
 * @param {Agent} agent
 * @param {SessionEvent} event
 * @param {import("./kinds.js").Json} data
 * @returns {Agent}
 */
function afterWork(agent, event, data) {
    const of = (/** @type {Prompt["state"]} */ state, /** @type {string[]} */ ids) =>
        ({ ...agent, prompts: agent.prompts.map((each) => ids.includes(each.id) ? { ...each, state } : each) })
    switch (event.type) {
        case "turn-began":
            return { ...agent, turn: { number: data.turn, beganAt: event.at } }
        case "turn-ended":
            return {
                ...agent, turn: undefined, prompts: agent.prompts.filter((each) => !data.prompts.includes(each.id)),
            }
        case "work-cut":
            return {
                ...of("cut", data.prompts), turn: undefined, asks: [],
                cut: { at: event.at, lastSeen: data.lastSeen, why: data.why },
            }
        case "ask-opened":
            return { ...agent, asks: [...agent.asks, data.ask] }
        case "ask-answered":
        case "ask-withdrawn":
            return { ...agent, asks: agent.asks.filter((each) => each.id !== data.ask) }
        case "prompt-queued":
            return { ...agent, prompts: [...agent.prompts, queued(event, data)] }
        case "prompt-withdrawn":
            return { ...agent, prompts: agent.prompts.filter((each) => each.id !== data.prompt) }
        case "prompt-handed-over":
            return of("handedOver", [data.prompt])
        case "prompt-acknowledged":
            return of("acknowledged", [data.prompt])
        default:
            return agent
    }
}

const longestPreview = 200

/**
 * @param {SessionEvent} event
 * @param {import("./kinds.js").Json} data
 * @returns {Prompt}
 */
const queued = (event, data) => ({
    id: data.prompt, preview: String(data.text ?? "asked again").slice(0, longestPreview), state: "queued",
    at: event.at, by: data.by, hasContext: data.hasContext,
})

/** What a status means, in words. */
export const statusSays = /** @type {Record<string, string>} */ ({
    starting: "Its program is being started.",
    idle: "It has nothing to do.",
    running: "It is at work.",
    waiting: "It waits for an answer.",
    background: "Its turn is over; tasks that it left go on.",
    stopping: "Its program is being stopped.",
    interrupted: "Its program ended in the middle of something.",
    hibernated: "It sleeps; the next prompt wakes it.",
    failed: "Its program could not be started, or does not do what it should.",
    ended: "It has ended.",
})

/** True while the program can be spoken with. @param {Agent} agent */
export const isLive = ({ status }) => ["idle", "running", "waiting", "background"].includes(status)

/** True while a program lives or is to live. @param {Agent} agent */
export const isBusy = (agent) => isLive(agent) || ["starting", "stopping"].includes(agent.status)

/** True while something is done, and nobody is waited for. @param {string} status */
export const isAtWork = (status) => ["starting", "running", "background", "stopping"].includes(status)

/** Those that wait for people come first, then those at work. */
const order = ["waiting", "failed", "interrupted", "running", "background", "starting", "stopping", "idle",
    "hibernated", "ended"]

/** Where in a list an agent of a status stands. @param {string} status */
export const rankOf = (status) => {
    const rank = order.indexOf(status)
    return rank < 0 ? order.length : rank
}
