// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { getJson, isAbort } from "../lib/api.js"
import { count } from "../lib/numbers.js"
import { numberOf } from "../lib/session-watch.js"
import { exact } from "../lib/times.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import { entryRow } from "./ag-entry.js"
import "./ag-ask.js"
import "./ag-composer.js"
import "./ag-queue.js"

/** @typedef {import("../lib/agent.js").Agent} Agent */
/** @typedef {import("../lib/agent-log.js").Entry} Entry */

const olderAtOnce = 500

/** The most events that one answer has. */
const mostAtOnce = 1000

/** So many events back one goes to read at a place, and so many before it are shown as well. */
const mostOlder = 20_000, aroundPlace = 50

/** Nearer than this to the end, whoever reads wants to see what comes. */
const nearEnd = 48

const longestReadOut = 600

/** What was said, asked and done, and what is asked next. */
export class AgChat extends SjElement {
    static properties = {
        of: { attribute: false }, agent: { attribute: false }, log: { attribute: false }, client: { attribute: false },
        isGone: { attribute: false }, told: { attribute: false }, at: { attribute: false },
    }

    #isAtEnd = true
    #isLoading = false
    #isLost = false
    /** The end was left, and more has come. */
    #hasNews = false
    /** How far from the end it stood before older ones were put above it. @type {number | undefined} */
    #fromEnd
    /** What was gone to, as long as it is kept in view. @type {HTMLElement | undefined} */
    #kept
    /** Keeps it no more. */
    #letGo = () => {}
    #finished = -1
    #readOut = ""
    #lastKey = ""

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Agent | undefined} */
        this.agent = undefined
        /** @type {import("../lib/agent-log.js").AgentLog | undefined} */
        this.log = undefined
        this.client = ""
        this.isGone = false
        /** Another one each time that the log has changed. */
        this.told = {}
        /** The event to begin to read at; 0 for the end. Reached once. */
        this.at = 0
    }

    willUpdate() {
        const { log } = this
        if (!log) return
        const last = log.entries.at(-1)?.key ?? ""
        if (last !== this.#lastKey && !this.#isAtEnd) this.#hasNews = true
        this.#lastKey = last
        if (log.finished === this.#finished) return
        // Whole texts alone are read out, and not those that were there before.
        const isFirst = this.#finished < 0
        this.#finished = log.finished
        const text = log.entries.findLast(({ is, isOpen }) => is === "text" && !isOpen)?.text ?? ""
        if (!isFirst) this.#readOut = text.slice(0, longestReadOut)
    }

    updated() {
        const box = this.#box
        if (!box) return
        if (this.at > 0 && this.log && this.log.last >= this.at) {
            this.#goTo(this.log, this.at)
            this.at = 0
        }
        if (this.#fromEnd !== undefined) {
            box.scrollTop = box.scrollHeight - this.#fromEnd
            this.#fromEnd = undefined
        } else if (this.#isAtEnd) {
            box.scrollTop = box.scrollHeight
        }
        this.#kept?.scrollIntoView({ block: "center" })
    }

    get #box() {
        return /** @type {HTMLElement | null} */ (this.querySelector(".chat-log"))
    }

    render() {
        const { log, agent, of } = this
        if (!log || !agent || !of) return nothing
        return html`
            <div class="chat-place">
                <div class="chat-log card" role="log" aria-live="off" aria-label="What was said and done" tabindex="0"
                    @scroll=${this.#scrolled}>
                    ${this.#older(log.before)}
                    ${log.entries.length === 0 && log.before === 0
                        ? html`<p class="muted none">Nothing was asked yet.</p>` : nothing}
                    ${repeat(log.entries, ({ key }) => key, entryRow)}
                </div>
                ${this.#hasNews ? html`<button class="chat-end" @click=${this.#toEnd}>More below</button>` : nothing}
            </div>
            <p class="hidden" aria-live="polite">${this.#readOut}</p>
            ${this.#cut(agent)}
            <div class="asks">${repeat(agent.asks, ({ id }) => id, (ask) => html`
                <ag-ask .of=${of} .ask=${ask} .client=${this.client} .isGone=${this.isGone}></ag-ask>`)}</div>
            <ag-queue .of=${of} .agent=${agent} .client=${this.client} .isGone=${this.isGone}></ag-queue>
            <ag-composer .of=${of} .agent=${agent} .client=${this.client} .isGone=${this.isGone}></ag-composer>`
    }

    /** @param {number} before */
    #older(before) {
        if (before <= 0) return nothing
        if (this.#isLost) return html`<p class="chat-older muted small">Older events are no longer kept.</p>`
        return html`<p class="chat-older actions">
            <button ?disabled=${this.#isLoading} @click=${this.#loadMore}>Load older</button>
            <span class="muted small">${count(before)} events before these are left out.</span></p>`
    }

    /** @param {Agent} agent */
    #cut(agent) {
        const { cut } = agent
        if (!cut || agent.status !== "interrupted") return nothing
        return html`<p class="notice" data-tone="warn" role="status">It was cut off at
            <time datetime=${cut.at}>${exact(cut.at)}</time>, and was last seen at
            <time datetime=${cut.lastSeen}>${exact(cut.lastSeen)}</time>. ${cut.why} What it did in between, nobody
            knows; nothing is done again by itself.</p>`
    }

    #scrolled() {
        const box = this.#box
        // A place in a short log is near its end too.
        if (!box || this.#kept) return
        this.#isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd
        if (this.#isAtEnd && this.#hasNews) {
            this.#hasNews = false
            this.requestUpdate()
        }
    }

    #toEnd() {
        this.#letGo()
        this.#isAtEnd = true
        this.#hasNews = false
        this.requestUpdate()
        this.#box?.focus()
    }

    /**
     * Shows what an event is part of, if that is not too long ago.
     * @param {import("../lib/agent-log.js").AgentLog} log
     * @param {number} at
     */
    async #goTo(log, at) {
        this.#isAtEnd = false
        if (log.before >= at && log.before - at < mostOlder) await this.#loadOlder(Math.max(0, at - aroundPlace))
        await this.updateComplete
        const place = log.entries.findLastIndex(({ offset }) => offset <= at)
        const entry = /** @type {HTMLElement | undefined} */ (
            this.#box?.querySelectorAll(":scope > .entry")[Math.max(0, place)])
        if (!entry) return
        if (entry instanceof HTMLDetailsElement) entry.open = true
        entry.tabIndex = -1
        entry.focus({ preventScroll: true })
        entry.scrollIntoView({ block: "center" })
        // A scroll to the end from before may have been told meanwhile.
        this.#isAtEnd = false
        this.#keepInView(entry)
    }

    /**
     * What comes late pushes it away. It is brought back as long as it has the focus, and nobody does anything.
     * @param {HTMLElement} entry
     */
    #keepInView(entry) {
        this.#letGo()
        const over = new AbortController()
        this.#letGo = () => over.abort()
        const signal = AbortSignal.any([over.signal, this.stop.signal])
        const observer = new ResizeObserver(() => entry.scrollIntoView({ block: "center" }))
        observer.observe(document.body)
        this.#kept = entry
        signal.addEventListener("abort", () => {
            observer.disconnect()
            this.#kept = undefined
            this.#scrolled()
        }, { once: true })
        entry.addEventListener("blur", this.#letGo, { signal })
        for (const doing of ["wheel", "touchstart", "pointerdown", "keydown"]) {
            document.addEventListener(doing, this.#letGo, { signal, passive: true })
        }
    }

    #loadMore() {
        this.#loadOlder(Math.max(0, (this.log?.before ?? 0) - olderAtOnce))
    }

    /** @param {number} from */
    async #loadOlder(from) {
        const { log, of } = this
        if (!log || !of || this.#isLoading) return
        this.#isLoading = true
        this.requestUpdate()
        try {
            const events = await this.#read(of, from, log.before)
            const box = this.#box
            this.#fromEnd = box ? box.scrollHeight - box.scrollTop : undefined
            if (events) log.prepend(events, from)
            else this.#isLost = true
        } catch (fault) {
            if (!isAbort(fault)) toasts.bad(fault)
        }
        this.#isLoading = false
        this.requestUpdate()
    }

    /**
     * The events after one number up to another, in as many answers as it takes.
     * @param {import("../lib/session-watch.js").SessionWatch} of
     * @param {number} from
     * @param {number} to
     * @returns {Promise<import("../lib/types.js").SessionEvent[] | undefined>} Undefined if they are no longer kept.
     */
    async #read(of, from, to) {
        /** @type {import("../lib/types.js").SessionEvent[]} */
        const events = []
        for (let at = from; at < to; at = numberOf(events[events.length - 1].offset)) {
            const query = { offset: String(at), limit: String(Math.min(to - at, mostAtOnce)) }
            const page = /** @type {import("../lib/types.js").EventPage} */ (
                await getJson(of.path(["events"], query), this.stop.signal))
            if (page.snapshot || page.events.length === 0) return undefined
            events.push(...page.events)
        }
        return events
    }
}

customElements.define("ag-chat", AgChat)
