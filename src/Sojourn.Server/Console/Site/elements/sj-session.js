// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { viewsOf } from "../kinds/index.js"
import { ask } from "../lib/api.js"
import { changedPaths } from "../lib/diff.js"
import { awaitApi } from "../lib/kinds.js"
import { login } from "../lib/me.js"
import { newLink, overviewLink } from "../lib/router.js"
import { SessionWatch } from "../lib/session-watch.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./sj-commands.js"
import "./sj-events.js"
import "./sj-session-head.js"
import "./sj-streams.js"
import "./sj-tree.js"

/** One session of whatever kind, live. */
export class SjSession extends SjElement {
    static properties = { kind: { attribute: false }, sessionId: { attribute: false }, owner: { attribute: false } }

    /** @type {SessionWatch | undefined} */
    #watch
    /** @type {import("../lib/kinds.js").Kind | undefined} */
    #described
    /** @type {Partial<import("../kinds/index.js").KindViews>} */
    #views = {}
    /** @type {import("../lib/kinds.js").Json} */
    #document = {}
    /** What a page looks like is known with its kind: nothing is shown that would make place for something else. */
    #isKindKnown = false
    #changes = { version: -1, paths: /** @type {Set<string>} */ (new Set()) }

    constructor() {
        super()
        this.kind = ""
        this.sessionId = ""
        /** @type {string | undefined} */
        this.owner = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const owner = login.me?.admin || this.owner === login.me?.owner ? this.owner : undefined
        const watch = new SessionWatch(this.kind, this.sessionId, owner)
        this.#watch = watch
        this.watch(watch, signal)
        watch.start()
        signal.addEventListener("abort", () => watch.stop(), { once: true })
        document.title = `${this.sessionId} – Sojourn`
        this.#load().catch((fault) => toasts.bad(fault))
    }

    async #load() {
        const api = await awaitApi(this.stop.signal)
        const described = api.kinds.get(this.kind)
        this.#views = await viewsOf(described)
        this.#document = api.document
        this.#described = described
        this.#isKindKnown = true
        this.requestUpdate()
    }

    render() {
        const watch = /** @type {SessionWatch} */ (this.#watch)
        const { session, problem } = watch
        const isDamaged = problem?.type === "damaged"
        const isAbsent = problem !== undefined && !isDamaged && !session
        // One heading whatever comes: it may have the focus.
        return html`
            <nav aria-label="Where you are" class="trail small"><a href="#/">Sessions</a> /
                <a href=${overviewLink(new URLSearchParams({ kind: this.kind }))}>${this.kind}</a></nav>
            <div class="page-head">
                <h1 tabindex="-1">${isAbsent ? "There is no such session" : this.sessionId}</h1>
            </div>
            ${isDamaged ? this.#damaged(watch) : isAbsent ? this.#absent(problem) : this.#found(watch)}`
    }

    /** @param {SessionWatch} watch */
    #found(watch) {
        const { session, removed } = watch
        const says = removed === "removed" ? "This session was removed."
            : removed === "expired" ? "This session has expired." : `This session is gone: ${removed}.`
        return html`
            <div role="status">${removed ? html`<p class="notice" data-tone="warn">${says} What you see is how it was.
                <a href="#/">All sessions</a></p>` : nothing}</div>
            ${session && this.#isKindKnown ? this.#page(watch, session)
                : html`<div class="session-skeleton" aria-busy="true"><span class="skeleton"></span></div>`}`
    }

    /**
     * @param {SessionWatch} watch
     * @param {import("../lib/types.js").Session} session
     */
    #page(watch, session) {
        const isGone = watch.removed !== undefined
        const head = html`<sj-session-head .of=${watch} .session=${session} .isGone=${isGone}></sj-session-head>`
        const { foldsHead = false } = this.#views
        return html`
            ${foldsHead ? nothing : head}
            ${this.#views.session ? html`<div class="kind-view">${this.#views.session(watch, isGone)}</div>
                <details class="general"><summary>Commands, state, events and streams</summary>
                    ${foldsHead ? head : nothing}${this.#parts(watch, session, isGone)}</details>`
                : this.#parts(watch, session, isGone)}`
    }

    /**
     * What sessions of every kind have.
     * @param {SessionWatch} watch
     * @param {import("../lib/types.js").Session} session
     * @param {boolean} isGone
     */
    #parts(watch, session, isGone) {
        const changed = this.#changedIn(watch)
        return html`<div class="session-grid">
            <section class="card commands" aria-labelledby="commands-title">
                <h2 id="commands-title">Commands</h2>
                <sj-commands .of=${watch} .described=${this.#described} .document=${this.#document}
                    .isGone=${isGone}></sj-commands>
            </section>
            <section class="card state" aria-labelledby="state-title">
                <div class="section-head"><h2 id="state-title">State</h2>
                    <p class="muted small">version ${session.version}${told(changed)}</p></div>
                <sj-tree .value=${session.state} .changed=${changed} .version=${session.version}></sj-tree>
            </section>
            <section class="card events" aria-labelledby="events-title">
                <sj-events .of=${watch} .events=${watch.events}></sj-events>
            </section>
            <section class="card streams" aria-labelledby="streams-title">
                <h2 id="streams-title">Streams</h2>
                <sj-streams .of=${watch} .streams=${session.streams}></sj-streams>
            </section>
        </div>`
    }

    /** What the last step changed. @param {SessionWatch} watch */
    #changedIn(watch) {
        const { session, before } = watch
        const version = session?.version ?? -1
        if (this.#changes.version !== version) {
            this.#changes = { version, paths: before ? changedPaths(before.state, session?.state) : new Set() }
        }
        return this.#changes.paths
    }

    /** @param {import("../lib/api.js").Problem} problem */
    #absent(problem) {
        return html`<div class="empty">
            <p>${problem.message}</p>
            <p class="muted">It may have ended and been removed since the link was made, or belong to somebody else.</p>
            <div class="actions"><a class="button" href="#/">All sessions</a>
                ${this.#described
                    ? html`<a class="button primary" href=${newLink(this.kind)}>New ${this.kind}</a>` : nothing}
            </div></div>`
    }

    /** @param {SessionWatch} watch */
    #damaged(watch) {
        return html`<div class="empty" role="alert">
            <h2>This session is damaged</h2>
            <p class="notice" data-tone="bad">${watch.problem?.message ?? ""}</p>
            <p>Its stored record does not match its checksum. The bytes are kept aside, and no other session is
                touched.</p>
            ${login.me?.admin ? html`<button class="primary" @click=${() => this.#restore(watch)}>
                Restore the newest good snapshot</button>`
                : html`<p>Somebody with an admin key can restore its newest good snapshot.</p>`}
        </div>`
    }

    /** @param {SessionWatch} watch */
    async #restore(watch) {
        try {
            await ask("POST", watch.path(["restore"]), { body: {}, signal: this.stop.signal })
            watch.problem = undefined
            watch.refresh()
            toasts.good("The session is back, as its newest good snapshot has it.")
        } catch (fault) {
            toasts.bad(fault)
        }
    }
}

const mostTold = 3

/**
 * What has changed, in words: its mark may be out of sight.
 * @param {Set<string>} changed
 */
function told(changed) {
    const names = [...changed].slice(0, mostTold).map((path) => path.slice(1).replaceAll("/", ".") || "all")
    const rest = changed.size - names.length
    return names.length === 0 ? "" : `, changed ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`
}

customElements.define("sj-session", SjSession)
