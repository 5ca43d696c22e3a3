// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { isLive } from "../lib/agent.js"
import { newKey, send } from "../lib/api.js"
import { loadStyles, newTerminal, themeNow, watchTheme } from "../lib/terminal.js"
import { TerminalFeed } from "../lib/terminal-feed.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import { addKeys } from "./sj-keys.js"
import "./ag-keys.js"

/** @typedef {import("../lib/agent.js").Agent} Agent */

/** Beside the cells: the emulator's scroll bar. */
const scrollBar = 14

const smallest = { columns: 20, rows: 4 }, largest = 500

/** Window sizes that are being dragged are not for the program. */
const settleFor = 150

/** @type {[string, string][]} */
const keys = [["Ctrl-F6", "Leaves the terminal, in which Tab is a key like any other; with Shift backwards"]]

const encoder = new TextEncoder()

/** A program's terminal: what it draws, and what is typed. */
export class AgTerminal extends SjElement {
    static properties = { of: { attribute: false }, attachment: { attribute: false }, agent: { attribute: false } }

    /** @type {import("../vendor/xterm.js").ITerminal | undefined} */
    #terminal
    /** @type {TerminalFeed | undefined} */
    #feed
    #isControl = false
    #isReadOut = false
    #timer = 0
    /** The size that was asked for last, so that it is not asked for again and again. */
    #asked = ""

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/attachment.js").Attachment | undefined} */
        this.attachment = undefined
        /** @type {Agent | undefined} */
        this.agent = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        addKeys(keys, signal)
        this.#open(signal).catch((fault) => toasts.bad(fault))
    }

    /** @param {AbortSignal} signal */
    async #open(signal) {
        await loadStyles()
        await this.updateComplete
        if (signal.aborted) return
        const terminal = newTerminal(this.agent?.size ?? { columns: 80, rows: 24 })
        this.#terminal = terminal
        this.#feed = new TerminalFeed(terminal, (output, bytes) => this.attachment?.drawn(output, bytes))
        terminal.open(this.#box)
        terminal.textarea?.setAttribute("aria-describedby", "terminal-says")
        terminal.onData((text) => this.#type(text))
        terminal.onBinary((text) => this.#send(Uint8Array.from(text, (letter) => letter.charCodeAt(0))))
        terminal.attachCustomKeyEventHandler((event) => this.#press(event))
        watchTheme(() => { terminal.options.theme = themeNow() }, signal)
        const watcher = new ResizeObserver(() => this.#fitSoon())
        watcher.observe(this.#box)
        document.addEventListener("visibilitychange", () => this.#fitSoon(), { signal })
        signal.addEventListener("abort", () => {
            watcher.disconnect()
            clearTimeout(this.#timer)
            terminal.dispose()
            this.#terminal = undefined
            this.#feed = undefined
        }, { once: true })
        this.dispatchEvent(new Event("ready"))
        this.requestUpdate()
    }

    get #box() {
        return /** @type {HTMLElement} */ (this.querySelector(".terminal-box"))
    }

    /** What the connection brings. */
    get feed() {
        return this.#feed
    }

    /** The connection stands anew: the size is told again. */
    attached() {
        this.#asked = ""
        this.#fitSoon()
    }

    /** Keystrokes did not reach the program. */
    notTyped() {
        toasts.bad(new Error("What was typed did not reach the program: it does not run, or does not read."))
    }

    /** @param {Map<string, unknown>} changed */
    updated(changed) {
        if (!this.#terminal || !this.agent) return
        this.#terminal.options.disableStdin = !isLive(this.agent)
        // When whoever decides it now has left, it is asked for again.
        if (this.agent.sizeOwner && !this.#isOurs) this.#asked = ""
        if (changed.has("agent")) this.#fitSoon()
    }

    render() {
        const { agent } = this
        const isOurs = this.#isOurs
        const { columns = 0, rows = 0 } = agent?.size ?? {}
        return html`
            <div class="terminal-head">
                <p class="muted small" id="terminal-says">${columns} × ${rows}<span class="wide-only">. Ctrl-F6 leaves
                    the terminal.</span></p>
                <p class="small" role="status">${agent && !isLive(agent)
                    ? html`<span class="warn">Read only: its program does not run.</span>` : nothing}
                    ${agent?.sizeOwner && !isOurs ? html`<span>${agent.sizeOwner} decides the size.</span>`
                        : nothing}</p>
                <div class="spacer"></div>
                ${agent?.sizeOwner && isLive(agent) && !isOurs ? html`<button @click=${() => this.#fit(true)}
                    title="The terminal gets the size of this window">Take over the size</button>` : nothing}
                <button class="ghost" aria-pressed=${this.#isReadOut} @click=${this.#turnReadOut}
                    title="For screen readers: lines are read as they come">Read aloud</button>
            </div>
            <div class="terminal-box" @focusin=${() => this.requestUpdate()}></div>
            <ag-keys .isControl=${this.#isControl} .isOff=${!agent || !isLive(agent)}
                @key=${(/** @type {CustomEvent} */ event) => this.#pressFor(event.detail)}></ag-keys>`
    }

    get #isOurs() {
        return this.agent?.sizeOwner !== undefined && this.agent.sizeOwner === this.attachment?.client
    }

    #turnReadOut() {
        this.#isReadOut = !this.#isReadOut
        if (this.#terminal) this.#terminal.options.screenReaderMode = this.#isReadOut
        this.requestUpdate()
    }

    /** @param {string} text */
    #type(text) {
        if (this.#isControl && text.length === 1) {
            text = String.fromCharCode(text.toUpperCase().charCodeAt(0) & 0x1f)
            this.#isControl = false
            this.requestUpdate()
        }
        this.#send(encoder.encode(text))
    }

    /** @param {Uint8Array} bytes */
    #send(bytes) {
        if (!this.agent || !isLive(this.agent)) return
        if (this.attachment?.type(bytes) === false) {
            toasts.bad(new Error("Too much was typed while the server is away; the last of it is not kept."))
        }
    }

    /** @param {KeyboardEvent} event @returns {boolean} False if it is not for the program. */
    #press(event) {
        const isCopy = event.ctrlKey && !event.altKey && event.key.toLowerCase() === "c"
        // With something selected, as everywhere; the browser copies.
        if (isCopy && this.#terminal?.hasSelection()) return false
        const isPaste = event.ctrlKey && !event.altKey && event.key.toLowerCase() === "v"
        if (isPaste) return false
        if (event.ctrlKey && event.key === "F6") {
            if (event.type === "keydown") this.#leave(event.shiftKey)
            return false
        }
        return true
    }

    /** @param {boolean} isBackwards */
    #leave(isBackwards) {
        const after = isBackwards ? null : this.querySelector("ag-keys button:not(:disabled)")
        const before = this.querySelector(".terminal-head button:last-child")
        const button = /** @type {HTMLElement | null} */ (after ?? before)
        button?.focus()
    }

    /** @param {string} name A key of the row. */
    #pressFor(name) {
        const terminal = this.#terminal
        if (!terminal) return
        if (name === "Ctrl") {
            this.#isControl = !this.#isControl
            this.requestUpdate()
        } else if (name === "Paste") {
            this.#paste(terminal)
        } else {
            this.#send(encoder.encode(sequenceOf(name, terminal.modes.applicationCursorKeysMode)))
        }
        terminal.focus()
    }

    /** @param {import("../vendor/xterm.js").ITerminal} terminal */
    async #paste(terminal) {
        try {
            terminal.paste(await navigator.clipboard.readText())
        } catch {
            toasts.bad(new Error("This browser lets no button paste here; its own menu and Ctrl-V do."))
        }
    }

    #fitSoon() {
        clearTimeout(this.#timer)
        this.#timer = window.setTimeout(() => this.#fit(false), settleFor)
    }

    /**
     * Gives the terminal the size of this window, if it is ours to decide, or nobody's.
     * @param {boolean} isTaking Whoever decided it before.
     */
    async #fit(isTaking) {
        const { agent, attachment, of } = this
        const isNobodys = agent?.sizeOwner === undefined && !document.hidden
        if (!agent || !attachment?.isOpen || !of || !isLive(agent)) return
        if (!isTaking && !isNobodys && !this.#isOurs) return
        const size = this.#sizeOfBox()
        if (!size) return
        const isSame = size.columns === agent.size.columns && size.rows === agent.size.rows
        const asked = `${size.columns} ${size.rows} ${agent.sizeOwner ?? ""} ${agent.run}`
        if (!isTaking && (asked === this.#asked || (isSame && this.#isOurs))) return
        this.#asked = asked
        try {
            await send("POST", of.path(["resize"]), {
                body: { ...size, by: attachment.client, takeOver: isTaking }, key: newKey(), signal: this.stop.signal,
            })
        } catch (fault) {
            // Another window was first, if nobody decided before.
            if (isTaking) toasts.bad(fault)
        }
        if (isTaking) this.#terminal?.focus()
    }

    #sizeOfBox() {
        const screen = this.querySelector(".xterm-screen")?.getBoundingClientRect()
        const terminal = this.#terminal
        const box = this.querySelector(".terminal-box")
        if (!screen || !terminal || !box || screen.width === 0 || box.clientWidth === 0) return undefined
        const style = getComputedStyle(box)
        const width = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - scrollBar
        const height = box.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)
        const within = (/** @type {number} */ cells, /** @type {number} */ least) =>
            Math.max(least, Math.min(largest, Math.floor(cells)))
        return {
            columns: within(width / (screen.width / terminal.cols), smallest.columns),
            rows: within(height / (screen.height / terminal.rows), smallest.rows),
        }
    }
}

/**
 * What a key sends.
 * @param {string} name
 * @param {boolean} isApplication As programs ask for that take the whole screen.
 */
function sequenceOf(name, isApplication) {
    const lead = isApplication ? "\x1bO" : "\x1b["
    const arrows = /** @type {Record<string, string>} */ ({ Up: "A", Down: "B", Right: "C", Left: "D" })
    return name === "Esc" ? "\x1b" : name === "Tab" ? "\t" : `${lead}${arrows[name]}`
}

customElements.define("ag-terminal", AgTerminal)
