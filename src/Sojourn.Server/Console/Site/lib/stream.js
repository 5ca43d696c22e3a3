// @ts-check
// Reads a session's stream in the Durable Streams protocol: what is there, then what comes.

import { ask } from "./api.js"
import { follow } from "./live.js"

/** So much of a stream's end is shown; a download has all of it. */
const mostShown = 256 * 1024

/** Fires "change" with each piece. */
export class StreamTail extends EventTarget {
    /** What is shown. */
    text = ""
    /** True if what is in it is no text. */
    isBinary = false
    /** How many bytes were read. */
    read = 0
    isCut = false
    isClosed = false
    /** True if the server has it no longer. */
    isGone = false
    isLoaded = false

    #offset = "-1"
    #decoder = new TextDecoder("utf-8", { fatal: true })

    /**
     * @param {(query: Record<string, string>) => string} path
     */
    constructor(path) {
        super()
        this.path = path
    }

    /** @param {AbortSignal} signal */
    run(signal) {
        return follow({
            path: () => this.path({ offset: this.#offset, live: "sse" }),
            opened: () => {
                this.isLoaded = true
                this.dispatchEvent(new Event("change"))
            },
            take: (event) => this.#take(event),
            ended: () => this.isClosed || this.isBinary,
            failed: (problem) => {
                this.isGone = problem.status === 404 || problem.status === 410
                if (this.isGone) this.dispatchEvent(new Event("change"))
                return this.isGone
            },
        }, signal)
    }

    /** @param {import("./sse.js").ServerEvent} event */
    #take(event) {
        if (event.event === "control") {
            const told = JSON.parse(event.data)
            this.#offset = told.streamNextOffset
            this.isClosed = told.streamClosed === true
        } else {
            this.#add(bytesOf(event.data))
        }
        this.dispatchEvent(new Event("change"))
    }

    /** @param {Uint8Array} bytes */
    #add(bytes) {
        this.read += bytes.length
        if (this.isBinary) return
        try {
            if (bytes.includes(0)) throw new TypeError("A text holds no zeros.")
            const text = this.text + this.#decoder.decode(bytes, { stream: true })
            this.isCut ||= text.length > mostShown
            this.text = text.slice(-mostShown)
        } catch {
            this.isBinary = true
            this.text = ""
        }
    }
}

/** @param {string} data As server-sent events have bytes: in base64. */
const bytesOf = (data) => Uint8Array.from(atob(data.replace(/\s/g, "")), (each) => each.charCodeAt(0))

/**
 * All that is in a stream now.
 * @param {(query: Record<string, string>) => string} path
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>}
 */
export async function download(path, signal) {
    /** @type {BlobPart[]} */
    const parts = []
    for (let offset = "-1"; ;) {
        const response = await ask("GET", path({ offset }), { signal })
        parts.push(await response.blob())
        const next = response.headers.get("stream-next-offset")
        const isEnd = response.headers.get("stream-up-to-date") === "true" || next === null || next === offset
        if (isEnd) return new Blob(parts)
        offset = next
    }
}

/**
 * Has the browser keep something as a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function keep(blob, name) {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
