// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { bytes, count } from "../lib/numbers.js"
import { download, keep, StreamTail } from "../lib/stream.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"

/** A session's streams besides its events: a list, and the tail of one that is opened. */
export class SjStreams extends SjElement {
    static properties = { of: { attribute: false }, streams: { attribute: false } }

    /** @type {{ name: string, tail: StreamTail, stop: AbortController } | undefined} */
    #opened
    #isAtEnd = true

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Record<string, import("../lib/types.js").StreamTail>} */
        this.streams = {}
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        signal.addEventListener("abort", () => this.#opened?.stop.abort(), { once: true })
    }

    render() {
        const all = Object.entries(this.streams)
        if (all.length === 0) return html`<p class="muted none">It has none, or nothing was written to them yet.</p>`
        return html`<div class="table-box" tabindex="0" role="region" aria-label="Streams"><table>
                <thead><tr><th scope="col">Name</th><th scope="col" class="number">Entries</th>
                    <th scope="col" class="number">Size</th>
                    <th scope="col"><span class="hidden">Actions</span></th></tr></thead>
                <tbody>${repeat(all, ([name]) => name, ([name, stream]) => this.#row(name, stream))}</tbody>
            </table></div>
            ${this.#opened ? this.#tail(this.#opened.name, this.#opened.tail) : nothing}`
    }

    /**
     * @param {string} name
     * @param {import("../lib/types.js").StreamTail} stream
     */
    #row(name, stream) {
        const isOpen = this.#opened?.name === name
        return html`<tr>
            <th scope="row">${name}</th>
            <td class="number" title="From ${stream.first} to ${stream.last}">
                ${count(stream.last - stream.first + 1)}</td>
            <td class="number">${bytes(stream.bytes)}</td>
            <td class="number"><button aria-expanded=${isOpen} aria-label="${isOpen ? "Close" : "Open"} ${name}"
                    @click=${() => this.#turn(name)}>${isOpen ? "Close" : "Open"}</button>
                <button aria-label="Download ${name}" @click=${() => this.#download(name)}>Download</button></td>
        </tr>`
    }

    /**
     * @param {string} name
     * @param {StreamTail} tail
     */
    #tail(name, tail) {
        if (tail.isBinary) {
            return html`<p class="none muted">${name} holds bytes that are no text. Download it to look at them.</p>`
        }
        return html`<pre class="tail" tabindex="0" role="log" aria-label="The end of ${name}"
                @scroll=${this.#look}>${tail.text}</pre>
            <p class="muted small">${tail.isCut ? "The end of it. " : ""}${tail.isGone ? "Gone: this is how it was."
                : !tail.isLoaded ? "Loading …" : tail.isClosed ? "Closed: nothing more will come." : "Live."}</p>`
    }

    updated() {
        const tail = this.querySelector(".tail")
        if (tail && this.#isAtEnd) tail.scrollTop = tail.scrollHeight
    }

    /** Whoever has scrolled up reads there. @param {Event} event */
    #look(event) {
        const tail = /** @type {HTMLElement} */ (event.target)
        this.#isAtEnd = tail.scrollHeight - tail.scrollTop - tail.clientHeight < 8
    }

    /** @param {string} name */
    #turn(name) {
        const before = this.#opened
        before?.stop.abort()
        this.#opened = undefined
        this.requestUpdate()
        if (before?.name === name) return
        const stop = new AbortController()
        const tail = new StreamTail((query) => this.#path(name, query))
        this.#opened = { name, tail, stop }
        this.#isAtEnd = true
        tail.addEventListener("change", () => {
            // What is no text is not read to its end.
            if (tail.isBinary) stop.abort()
            this.requestUpdate()
        }, { signal: this.stop.signal })
        tail.run(stop.signal)
    }

    /** @param {string} name */
    async #download(name) {
        try {
            const blob = await download((query) => this.#path(name, query), this.stop.signal)
            keep(blob, `${this.of?.id}-${name}`)
        } catch (fault) {
            toasts.bad(fault)
        }
    }

    /**
     * @param {string} name
     * @param {Record<string, string>} query
     */
    #path(name, query) {
        return this.of?.path(["streams", name], query) ?? ""
    }
}

customElements.define("sj-streams", SjStreams)
