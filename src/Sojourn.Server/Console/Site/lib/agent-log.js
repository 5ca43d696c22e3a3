// @ts-check
// What happened in an agent's session, as people read it: made of the events alone, so that every page shows the same.

import { numberOf } from "./session-watch.js"

/** @typedef {import("./types.js").SessionEvent} SessionEvent */

/**
 * @typedef {object} Entry One thing to be read. It is replaced when it changes, so that the same one need not be drawn
 *   again.
 * @property {string} key
 * @property {"prompt" | "text" | "thought" | "tool" | "plan" | "ask" | "cut" | "notice" | "reply" | "turn" | "life"} is
 * @property {string} at When it began.
 * @property {number} offset The number of the event that it began with.
 * @property {string} [id] The agent's name for it.
 * @property {string} [text]
 * @property {string} [title]
 * @property {string} [detail]
 * @property {string} [state]
 * @property {boolean} [isOpen] It is still being written, done or asked.
 * @property {string} [by]
 * @property {import("./agent.js").Ask} [ask]
 * @property {{ text: string, state: string }[]} [steps]
 * @property {string} [lastSeen]
 * @property {number} [count]
 */

const mostEvents = 20_000

export class AgentLog {
    /** Oldest first. @type {Entry[]} */
    entries = []
    /** How many events came before those that are here. */
    before = 0
    /** The number of the newest event that is here. */
    last = 0
    /** How many finished texts there were, for whoever reads them out. */
    finished = 0

    /** Oldest first; without pieces of texts that are there whole. @type {SessionEvent[]} */
    #events = []
    /** Where things are that may still change: by what they are and the agent's name. @type {Map<string, number>} */
    #open = new Map()

    /** Begins anew. @param {number} before How many events came before those that follow. */
    begin(before) {
        this.before = before
        this.last = before
        this.#events = []
        this.#read([])
    }

    /** @param {SessionEvent} event The next one. */
    take(event) {
        this.last = numberOf(event.offset)
        this.#events.push(event)
        this.#add(event)
        if (event.type === "text-written") this.#forgetPieces(event)
        if (this.#events.length > mostEvents) this.#forgetOldest()
    }

    /**
     * @param {SessionEvent[]} events Those before all that are here.
     * @param {number} before How many events came before these.
     */
    prepend(events, before) {
        this.before = before
        this.#events = [...events, ...this.#events]
        this.#read(this.#events)
    }

    /** @param {SessionEvent[]} events */
    #read(events) {
        this.entries = []
        this.#open.clear()
        for (const event of events) this.#add(event)
    }

    /** @param {SessionEvent} written */
    #forgetPieces(written) {
        const { message, isThought } = /** @type {import("./kinds.js").Json} */ (written.data)
        this.#events = this.#events.filter(({ type, data }) => {
            const piece = /** @type {import("./kinds.js").Json} */ (data)
            return type !== "text-delta" || piece.message !== message || piece.isThought !== isThought
        })
    }

    #forgetOldest() {
        const kept = this.#events.slice(-mostEvents / 2)
        this.before = numberOf(kept[0].offset) - 1
        this.#events = kept
        this.#read(kept)
    }

    /** @param {SessionEvent} event */
    #add(event) {
        const data = /** @type {import("./kinds.js").Json} */ (event.data)
        switch (event.type) {
            case "prompt-queued":
                this.#begin("prompt", event, {
                    id: data.prompt, text: data.text ?? this.#askedBefore(data.again), by: data.by, state: "queued",
                })
                break
            case "prompt-withdrawn":
                this.#change(`prompt ${data.prompt}`, { state: "withdrawn", isOpen: false })
                break
            case "prompt-handed-over":
                this.#change(`prompt ${data.prompt}`, { state: "handedOver" })
                break
            case "prompt-acknowledged":
                this.#change(`prompt ${data.prompt}`, { state: "acknowledged" })
                break
            case "text-delta":
                this.#piece(event, data)
                break
            case "text-written":
                this.#text(event, data)
                break
            case "tool-used":
                this.#tool(event, data)
                break
            default:
                this.#addTurn(event, data)
        }
    }

    /** @param {string} prompt */
    #askedBefore(prompt) {
        return this.entries.findLast(({ is, id }) => is === "prompt" && id === prompt)?.text
            ?? "Once more, what was cut off."
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #addTurn(event, data) {
        switch (event.type) {
            case "plan-made":
                if (!this.#change("plan ", { steps: data.steps })) {
                    this.#begin("plan", event, { id: "", steps: data.steps })
                }
                break
            case "ask-opened":
                this.#begin("ask", event, { id: data.ask.id, ask: data.ask, title: data.ask.title, state: "open" })
                break
            case "ask-answered":
                this.#answered(data)
                break
            case "ask-withdrawn":
                this.#change(`ask ${data.ask}`, { state: "withdrawn", text: data.why, isOpen: false })
                break
            case "turn-ended":
                this.#endTurn(event, data)
                break
            case "work-cut":
                this.#cut(event, data)
                break
            case "document-replied":
                this.#begin("reply", event, {
                    text: data.message, detail: data.update, title: data.range, isOpen: false,
                })
                break
            default:
                this.#addLife(event, data)
        }
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #addLife(event, data) {
        switch (event.type) {
            case "noticed":
                this.#notice(event, data)
                break
            case "interrupt-asked":
                this.#say(event, "Somebody interrupts the turn.")
                break
            case "stop-began":
                this.#say(event, data.reason === "hibernate" ? "It goes to sleep." : "It is being stopped.")
                break
            case "resumed":
                this.#say(event, "Its program is started again.")
                break
            case "place-awaited":
                this.#say(event, `It waits for a place: ${data.reason}`)
                break
            case "process-exited":
                this.#say(event, exitSays(data))
                break
            default:
                // It is in the state, or nothing to be read; the list of all events below has it.
                break
        }
    }

    /**
     * @param {Entry["is"]} is
     * @param {SessionEvent} event
     * @param {Partial<Entry>} more
     */
    #begin(is, event, more) {
        const entry = /** @type {Entry} */ ({
            is, key: event.offset, at: event.at, offset: numberOf(event.offset), isOpen: true, ...more,
        })
        this.entries.push(entry)
        if (entry.isOpen) this.#open.set(`${is} ${more.id}`, this.entries.length - 1)
    }

    /**
     * @param {string} name
     * @param {Partial<Entry>} changes
     * @returns {boolean} False if there is no such thing that may change; it began before what is here.
     */
    #change(name, changes) {
        const place = this.#open.get(name)
        if (place === undefined) return false
        this.entries[place] = { ...this.entries[place], ...changes }
        if (changes.isOpen === false) this.#open.delete(name)
        return true
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #piece(event, data) {
        const is = data.isThought ? "thought" : "text"
        const place = this.#open.get(`${is} ${data.message}`)
        if (place === undefined) this.#begin(is, event, { id: data.message, text: data.text })
        else this.#change(`${is} ${data.message}`, { text: this.entries[place].text + data.text })
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #text(event, data) {
        const is = data.isThought ? "thought" : "text"
        const whole = { text: data.text, isOpen: false }
        if (!this.#change(`${is} ${data.message}`, whole)) this.#begin(is, event, { id: data.message, ...whole })
        if (is === "text") this.finished++
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #tool(event, data) {
        const said = Object.fromEntries(Object.entries({
            title: data.title ?? data.name, state: data.state, text: data.name,
        }).filter(([, value]) => value !== undefined))
        const name = `tool ${data.call}`
        const place = this.#open.get(name)
        if (place === undefined) {
            this.#begin("tool", event, {
                id: data.call, title: "A tool", state: "pending", detail: data.detail, ...said,
            })
        } else {
            const before = this.entries[place].detail
            const detail = data.detail && before ? `${before}\n\n${data.detail}` : data.detail ?? before
            this.#change(name, { ...said, detail })
        }
    }

    /** @param {import("./kinds.js").Json} data */
    #answered(data) {
        const place = this.#open.get(`ask ${data.ask}`)
        const choice = place === undefined ? undefined
            : this.entries[place].ask?.choices.find((each) => each.id === data.choice)
        this.#change(`ask ${data.ask}`, {
            state: "answered", by: data.by, text: choice?.name ?? data.choice, detail: data.message, isOpen: false,
        })
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #endTurn(event, data) {
        for (const prompt of data.prompts) this.#change(`prompt ${prompt}`, { state: "done", isOpen: false })
        this.#close("")
        const says = /** @type {Record<string, string>} */ ({
            interrupted: "The turn was interrupted.", failed: "The turn failed.", limited: "The turn met a limit.",
            refused: "The agent does not want to.",
        })[data.outcome]
        if (says) this.#begin("turn", event, { text: says, detail: data.error, state: data.outcome, isOpen: false })
    }

    /**
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #cut(event, data) {
        for (const prompt of data.prompts) this.#change(`prompt ${prompt}`, { state: "cut" })
        this.#close("cut")
        this.#begin("cut", event, {
            text: data.why, lastSeen: data.lastSeen, count: data.prompts.length, isOpen: false,
        })
    }

    /** Nothing of a turn goes on after it. @param {string} state Of what was not finished. */
    #close(state) {
        for (const [name, place] of [...this.#open]) {
            const { is, state: before } = this.entries[place]
            if (!["text", "thought", "tool", "plan"].includes(is)) continue
            const isDone = is === "plan" || (is === "tool" && ["completed", "failed"].includes(before ?? ""))
            this.#change(name, { isOpen: false, ...state && !isDone ? { state } : {} })
        }
    }

    /**
     * Words of one sort that follow each other stand together.
     * @param {SessionEvent} event
     * @param {import("./kinds.js").Json} data
     */
    #notice(event, data) {
        const last = this.entries.at(-1)
        if (last?.is === "notice" && last.state === data.kind) {
            this.entries[this.entries.length - 1] = {
                ...last, text: `${last.text}\n${data.text}`.slice(-longestNotice), count: (last.count ?? 1) + 1,
            }
        } else {
            this.#begin("notice", event, { text: data.text, state: data.kind, count: 1, isOpen: false })
        }
    }

    /**
     * @param {SessionEvent} event
     * @param {string} text
     */
    #say(event, text) {
        this.#begin("life", event, { text, isOpen: false })
    }
}

const longestNotice = 20_000

/** @param {import("./kinds.js").Json} exit */
function exitSays({ code, signal, error }) {
    if (error) return `Its program is gone. ${error}`
    return signal === undefined ? `Its program ended with exit code ${code}.` : `Signal ${signal} ended its program.`
}
