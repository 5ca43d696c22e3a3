// @ts-check
// One connection to one agent, as docs/agents.md has it: the log, what its terminal draws, and what is typed. It comes
// back after every break with what it has, so that nothing is missed and nothing is typed twice.

import { connection } from "./connection.js"
import { pauseOrWake, waitBefore } from "./live.js"
import { plural } from "./numbers.js"
import { numberOf } from "./session-watch.js"
import { nextNumber } from "./tab.js"

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").SessionEvent} SessionEvent */

const protocol = "sojourn.agent.v1"

const outputFrame = 1, screenFrame = 2

const ackEveryEvents = 500, ackEveryBytes = 128 * 1024

/** A connection over which the log should have come for so long, and has not, is dead, whatever the browser says. */
const deadAfter = 5000

/** What was typed and has not arrived is kept up to this; beyond it somebody leans on a key. */
const mostUntyped = 1 << 20

/**
 * @typedef {object} Attached What is told, in order.
 * @property {(session: Session, after: string, isWhole: boolean, isSkip: boolean) => void} welcome Events follow after
 *   that offset; unless it is whole, older ones are left out.
 * @property {(event: SessionEvent) => void} event
 * @property {(screen: { output: number, columns: number, rows: number, bytes: Uint8Array }) => void} [screen]
 * @property {(output: number, bytes: Uint8Array) => void} [output]
 * @property {(isTyped: boolean) => void} [typed]
 * @property {(isOpen: boolean) => void} [changed] The connection stands, or has broken.
 */

export class Attachment {
    /** The newest event that has come. */
    events = ""
    /** The newest entry of what the terminal draws that has come. @type {number | undefined} */
    output
    isOpen = false

    /** @type {WebSocket | undefined} */
    #socket
    #isTerminal = false
    #tries = 0
    #lostAt = 0
    #eventsUnacked = 0
    #bytesUnacked = 0
    /** @type {number | undefined} */
    #drawnOutput
    /** @type {{ number: number, keys: Uint8Array }[]} */
    #untyped = []
    /** What the next frame of kind 2 is drawn on. */
    #size = { columns: 80, rows: 24 }
    #deadTimer = 0
    #isOver = false

    /**
     * @param {import("./session-watch.js").SessionWatch} watch
     * @param {string} client
     * @param {Attached} attached
     */
    constructor(watch, client, attached) {
        this.watch = watch
        this.client = client
        this.attached = attached
    }

    /**
     * Attaches, and stays so until the signal. Hidden pages too: they are the ones that need to be told.
     * @param {AbortSignal} signal
     */
    async start(signal) {
        try {
            while (!signal.aborted && !this.#isOver) {
                await this.#attach(signal)
                if (signal.aborted || this.#isOver) break
                this.#lostAt ||= Date.now()
                this.#tries++
                const wait = this.#tries === 1 ? 100 : waitBefore(this.#tries - 1)
                connection.tell(this, { is: "reconnecting", since: this.#lostAt, nextTry: Date.now() + wait })
                await pauseOrWake(wait, signal)
            }
        } catch (fault) {
            if (!signal.aborted) throw fault
        } finally {
            connection.forget(this)
            clearTimeout(this.#deadTimer)
        }
    }

    /**
     * Types: once, however often the connection breaks on the way.
     * @param {Uint8Array} keys
     * @returns {boolean} False if too much waits already.
     */
    type(keys) {
        const waiting = this.#untyped.reduce((sum, each) => sum + each.keys.length, 0)
        if (waiting + keys.length > mostUntyped) return false
        const typed = { number: nextNumber(), keys }
        this.#untyped.push(typed)
        this.#send(frameOf(typed))
        return true
    }

    /**
     * What came is on the screen: more may come.
     * @param {number} output Its entry.
     * @param {number} bytes
     */
    drawn(output, bytes) {
        this.#drawnOutput = output
        this.#bytesUnacked += bytes
        this.#acknowledge()
    }

    /** The session is known to have this event: if it does not come, the connection is dead. @param {string} offset */
    expect(offset) {
        const isBehind = this.isOpen && this.events !== "" && numberOf(offset) > numberOf(this.events)
        if (!isBehind) {
            clearTimeout(this.#deadTimer)
            this.#deadTimer = 0
        } else if (this.#deadTimer === 0) {
            const had = this.events
            this.#deadTimer = window.setTimeout(() => {
                this.#deadTimer = 0
                if (this.events === had) this.#socket?.close()
            }, deadAfter)
        }
    }

    /** @param {AbortSignal} signal @returns {Promise<void>} Completes when the connection is over. */
    #attach(signal) {
        return new Promise((resolve) => {
            const url = new URL(this.watch.path(["attach"]), location.href)
            url.protocol = url.protocol.replace("http", "ws")
            const socket = new WebSocket(url, protocol)
            socket.binaryType = "arraybuffer"
            const leave = () => socket.close()
            signal.addEventListener("abort", leave, { once: true })
            socket.addEventListener("open", () => this.#greet(socket))
            socket.addEventListener("message", ({ data }) => {
                if (this.#socket !== socket || signal.aborted) return
                if (typeof data === "string") this.#take(JSON.parse(data))
                else this.#draw(new Uint8Array(data))
            })
            socket.addEventListener("close", () => {
                signal.removeEventListener("abort", leave)
                if (this.#socket === socket) this.#socket = undefined
                this.isOpen = false
                if (!signal.aborted) this.attached.changed?.(false)
                resolve()
            })
        })
    }

    /** @param {WebSocket} socket */
    #greet(socket) {
        this.#socket = socket
        this.#eventsUnacked = 0
        this.#bytesUnacked = 0
        this.#send(JSON.stringify({
            type: "hello", client: this.client, events: this.events || undefined, output: this.output,
        }))
        for (const typed of this.#untyped) this.#send(frameOf(typed))
    }

    /** @param {string | Uint8Array<ArrayBuffer>} frame */
    #send(frame) {
        if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame)
    }

    /** @param {import("./kinds.js").Json} message */
    #take(message) {
        switch (message.type) {
            case "welcome":
            case "skipped":
                this.#welcome(message)
                break
            case "event":
                this.events = message.event.offset
                this.#eventsUnacked++
                this.attached.event(message.event)
                this.#acknowledge()
                break
            case "screen":
                this.#size = { columns: message.columns, rows: message.rows }
                break
            case "typed":
                this.#untyped = this.#untyped.filter((each) => each.number !== message.number)
                this.attached.typed?.(message.ok)
                break
            case "gone":
                // Whether it was removed or has expired, the watch says.
                this.#isOver = true
                break
            default:
                // What a newer server adds.
                break
        }
    }

    /** @param {import("./kinds.js").Json} message */
    #welcome({ type, after, whole, session }) {
        const isBack = this.#lostAt > 0 && this.events !== ""
        const missed = isBack ? numberOf(session.lastEvent) - numberOf(this.events) : 0
        const drawn = isBack && this.output !== undefined ? session.state.outputEntries - this.output : 0
        this.events = after
        this.isOpen = true
        this.#isTerminal = session.state.protocol === "terminal"
        this.#tries = 0
        connection.tell(this, { is: "live" })
        if (isBack) connection.caughtUp(missedText(missed, this.#isTerminal ? drawn : 0))
        this.#lostAt = 0
        this.attached.welcome(session, after, whole, type === "skipped")
        this.attached.changed?.(true)
    }

    /** @param {Uint8Array} frame */
    #draw(frame) {
        if (frame.length < 9) return
        this.output = Number(new DataView(frame.buffer).getBigInt64(1))
        const bytes = frame.subarray(9)
        if (frame[0] === screenFrame) this.attached.screen?.({ output: this.output, ...this.#size, bytes })
        else if (frame[0] === outputFrame) this.attached.output?.(this.output, bytes)
    }

    #acknowledge() {
        if (this.#eventsUnacked < ackEveryEvents && this.#bytesUnacked < ackEveryBytes) return
        this.#eventsUnacked = 0
        this.#bytesUnacked = 0
        this.#send(JSON.stringify({ type: "ack", events: this.events || undefined, output: this.#drawnOutput }))
    }
}

/** @param {{ number: number, keys: Uint8Array }} typed */
function frameOf({ number, keys }) {
    const frame = new Uint8Array(8 + keys.length)
    new DataView(frame.buffer).setBigInt64(0, BigInt(number))
    frame.set(keys, 8)
    return frame
}

/**
 * @param {number} events
 * @param {number} drawn
 */
function missedText(events, drawn) {
    const parts = [
        ...events > 0 ? [plural(events, "event")] : [],
        ...drawn > 0 ? [`${plural(drawn, "piece")} of what the terminal drew`] : [],
    ]
    return parts.length > 0 ? parts.join(" and ") : "nothing"
}
