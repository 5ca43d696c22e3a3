// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { AgentNow, statusSays } from "../lib/agent.js"
import { AgentLog } from "../lib/agent-log.js"
import { Attachment } from "../lib/attachment.js"
import { notices } from "../lib/notices.js"
import { parse } from "../lib/router.js"
import { numberOf } from "../lib/session-watch.js"
import { tabName } from "../lib/tab.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./ag-chat.js"
import "./ag-head.js"
import "./ag-list.js"

/** @typedef {import("./ag-terminal.js").AgTerminal} AgTerminal */
/** @typedef {import("../lib/types.js").SessionEvent} SessionEvent */

/** After these it is done, if it was at work before. An agent is done with its turn besides, however short it was. */
const done = { agent: ["failed", "interrupted"], terminal: ["idle", "ended", "failed", "interrupted"] }

/** An agent's page: attached for as long as it is shown, whether anybody looks or not. */
export class AgSession extends SjElement {
    static properties = { of: { attribute: false }, session: { attribute: false }, isGone: { attribute: false } }

    #now = new AgentNow()
    #log = new AgentLog()
    /** @type {Attachment | undefined} */
    #attachment
    #hasLog = false
    #isDrawing = false
    #isTerminalLoaded = false
    /** What it was doing when somebody last looked. @type {string | undefined} */
    #status
    /** What happened before is no news. */
    #found = Number.MAX_SAFE_INTEGER
    /** Put before the page's title until somebody looks. */
    #mark = ""
    /** The event that the address leads to; 0 for none. */
    #at = Number(parse(location.hash).query.get("at")) || 0

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/types.js").Session | undefined} */
        this.session = undefined
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.#hasLog = false
        this.watch(notices, signal)
        document.addEventListener("visibilitychange", () => this.#look(), { signal })
        this.#prepare(signal).catch((fault) => toasts.bad(fault))
    }

    /** @param {AbortSignal} signal */
    async #prepare(signal) {
        const watch = /** @type {import("../lib/session-watch.js").SessionWatch} */ (this.of)
        this.#now.read(this.session)
        const client = await tabName()
        if (signal.aborted) return
        this.#attachment = new Attachment(watch, client, {
            welcome: (session, after, isWhole, isSkip) => this.#welcome(session, after, isWhole, isSkip),
            event: (event) => this.#take(event),
            screen: (screen) => this.#terminal?.feed?.screen(screen),
            output: (output, bytes) => this.#terminal?.feed?.output(output, bytes),
            typed: (isTyped) => { if (!isTyped) this.#terminal?.notTyped() },
            changed: () => this.#draw(),
        })
        if (this.#now.agent?.protocol === "terminal") {
            // Loaded here alone: it is larger than all the rest together.
            await import("./ag-terminal.js")
            this.#isTerminalLoaded = true
        } else {
            this.#attachment.start(signal)
        }
        this.requestUpdate()
    }

    get #terminal() {
        return /** @type {AgTerminal | null} */ (this.querySelector("ag-terminal"))
    }

    /** The terminal can draw: from now on there is something to draw on. */
    #terminalIsReady() {
        this.#attachment?.start(this.stop.signal)
    }

    /**
     * @param {import("../lib/types.js").Session} session
     * @param {string} after
     * @param {boolean} isWhole
     * @param {boolean} isSkip
     */
    #welcome(session, after, isWhole, isSkip) {
        this.#now.read(session)
        if (!this.#hasLog || isSkip || !isWhole) this.#log.begin(numberOf(after))
        this.#hasLog = true
        this.#status ??= this.#now.agent?.status
        this.#found = Math.min(this.#found, numberOf(session.lastEvent))
        this.#terminal?.attached()
        this.#draw()
    }

    /** @param {SessionEvent} event */
    #take(event) {
        this.#now.take(event)
        this.#log.take(event)
        if (event.type === "resized") {
            const { columns, rows, output } = /** @type {import("../lib/kinds.js").Json} */ (event.data)
            this.#terminal?.feed?.resized({ columns, rows }, output)
        }
        const isEnd = event.type === "turn-ended" && numberOf(event.offset) > this.#found
        if (isEnd && !this.#now.agent?.prompts.some(({ state }) => state === "queued")) this.#say(false)
        this.#draw()
    }

    /** Once a frame, however fast pieces come; hidden pages, which have no frames, at once. */
    #draw() {
        this.#tell()
        if (this.#isDrawing) return
        if (document.hidden) {
            this.requestUpdate()
            return
        }
        this.#isDrawing = true
        requestAnimationFrame(() => {
            this.#isDrawing = false
            this.requestUpdate()
        })
    }

    willUpdate() {
        this.#now.read(this.session)
        if (this.session) this.#attachment?.expect(this.session.lastEvent)
        this.#tell()
    }

    /** Whoever looks elsewhere is told when it waits or is done. */
    #tell() {
        const agent = this.#now.agent
        if (!agent || agent.status === this.#status) return
        const before = this.#status
        this.#status = agent.status
        // As it was found, nothing has happened.
        if (before === undefined) return
        const statuses = agent.protocol === "terminal" ? done.terminal : done.agent
        if (agent.status === "waiting") this.#say(true)
        else if (["running", "waiting"].includes(before) && statuses.includes(agent.status)) this.#say(false)
        else if (agent.status === "running") this.#mark = ""
        this.#title()
    }

    /** @param {boolean} isWaiting Otherwise it is done. */
    #say(isWaiting) {
        const agent = this.#now.agent
        if (!agent || !document.hidden) return
        this.#mark = isWaiting ? "(waits) " : "(done) "
        const says = isWaiting ? agent.asks[0]?.title ?? statusSays.waiting : statusSays[agent.status]
        notices.tell(`${this.#name} ${isWaiting ? "waits for you" : "is done"}`, says, this.of?.id ?? "")
        this.#title()
    }

    #look() {
        if (document.hidden) return
        this.#mark = ""
        this.#title()
    }

    get #name() {
        return this.#now.agent?.title ?? this.of?.id ?? ""
    }

    #title() {
        const waits = this.#now.agent?.status === "waiting" ? "● " : ""
        document.title = `${this.#mark || waits}${this.#name} – Sojourn`
    }

    updated() {
        if (this.#now.agent) this.#title()
    }

    render() {
        const { of } = this
        const agent = this.#now.agent
        if (!of || !agent) {
            return html`<div class="agent-skeleton" aria-busy="true"><span class="skeleton"></span></div>`
        }
        const client = this.#attachment?.client ?? ""
        return html`
            <ag-list .shown=${of.id} .named=${agent.title}></ag-list>
            <ag-head .of=${of} .agent=${agent} .client=${client} .isGone=${this.isGone}></ag-head>
            ${agent.protocol !== "terminal" ? html`<ag-chat .of=${of} .agent=${agent} .log=${this.#log}
                    .client=${client} .isGone=${this.isGone} .at=${this.#at} .told=${{}}></ag-chat>`
                : this.#isTerminalLoaded ? html`<ag-terminal .of=${of} .agent=${agent} .attachment=${this.#attachment}
                    @ready=${this.#terminalIsReady}></ag-terminal>`
                : html`<div class="terminal-place" aria-busy="true"></div>`}
            ${agent.protocol === "terminal" && agent.error ? html`<p class="notice" data-tone="bad">${agent.error}</p>`
                : nothing}`
    }
}

customElements.define("ag-session", AgSession)
