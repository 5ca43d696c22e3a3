// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { viewsOf } from "../kinds/index.js"
import { sentence } from "../lib/api.js"
import { keyOf, read, write } from "../lib/filter.js"
import { awaitApi } from "../lib/kinds.js"
import { login } from "../lib/me.js"
import { count, plural } from "../lib/numbers.js"
import { PageOfSessions } from "../lib/page-of-sessions.js"
import { go, newLink, overviewLink } from "../lib/router.js"
import { sorted } from "../lib/sorting.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./sj-filter.js"
import "./sj-rows.js"
import "./sj-vitals.js"

/** @typedef {import("../lib/filter.js").Filter} Filter */
/** @typedef {import("../lib/types.js").SessionRow} SessionRow */

/** All sessions of all kinds, live: filtered, in pages, and several at once. */
export class SjOverview extends SjElement {
    static properties = { query: { attribute: false } }

    /** @type {PageOfSessions | undefined} */
    #page
    /** @type {Filter} */
    #filter = read(new URLSearchParams())
    /** Chosen rows by key. @type {Map<string, SessionRow>} */
    #chosen = new Map()
    /** There is something to read about several at once, though they may be gone from the list. */
    #isTold = false
    /** The cursors of the pages that were gone through, in their order. */
    #trail = [""]
    /** @type {import("../lib/kinds.js").Api | undefined} */
    #api
    /** @type {Partial<import("../kinds/index.js").KindViews>} */
    #views = {}

    constructor() {
        super()
        this.query = new URLSearchParams()
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        document.title = "Sessions – Sojourn"
        awaitApi(signal).then((api) => {
            this.#api = api
            this.requestUpdate()
            return this.#loadViews()
        }).catch((fault) => toasts.bad(fault))
        // Back on the page, it reads anew.
        this.#page = undefined
        signal.addEventListener("abort", () => this.#page?.stop(), { once: true })
    }

    /** What a kind's own list has besides. */
    async #loadViews() {
        const { kind } = this.#filter
        const views = await viewsOf(this.#api?.kinds.get(kind))
        if (kind !== this.#filter.kind) return
        this.#views = views
        this.requestUpdate()
    }

    /** @param {Map<string, unknown>} changed */
    willUpdate(changed) {
        if (!changed.has("query") && this.#page) return
        const filter = read(this.query)
        // What is shown is sorted here; anything else is asked of the server anew.
        const asked = (/** @type {Filter} */ each, cursor = each.cursor) =>
            String(write({ ...each, sort: "", cursor }))
        const isSame = this.#page && asked(filter) === asked(this.#filter)
        const isSearchSame = asked(filter, "") === asked(this.#filter, "")
        const isKindSame = filter.kind === this.#filter.kind
        this.#filter = filter
        if (!isKindSame) {
            this.#views = {}
            this.#loadViews().catch((fault) => toasts.bad(fault))
        }
        if (isSame) return
        this.#page?.stop()
        this.#chosen.clear()
        if (!isSearchSame || !this.#trail.includes(filter.cursor)) this.#trail = [filter.cursor]
        const page = new PageOfSessions(filter, login.me?.admin ?? false)
        page.addEventListener("change", () => this.#changed(page))
        // An update that was asked for on the page may come when the element has left it.
        if (this.isConnected) page.start()
        this.#page = page
    }

    /** @param {PageOfSessions} page */
    #changed(page) {
        if (page !== this.#page) return
        const there = new Map(page.rows.map((row) => [keyOf(row), row]))
        for (const key of this.#chosen.keys()) {
            const row = there.get(key)
            if (row) this.#chosen.set(key, row)
            else this.#chosen.delete(key)
        }
        this.requestUpdate()
    }

    /** @param {Partial<Filter>} changes */
    #narrow(changes) {
        // One step back leaves a search, however often it was refined.
        const replace = this.#filter.text !== "" && changes.text !== "" && Object.keys(changes).join() === "text"
        go(overviewLink(write({ ...this.#filter, cursor: "", ...changes })), { replace })
    }

    render() {
        const page = /** @type {PageOfSessions} */ (this.#page)
        const admin = login.me?.admin ?? false
        return html`
            <div class="page-head">
                <h1 tabindex="-1">Sessions</h1>
                <p class="muted" role="status">${this.#counted(page)}</p>
                <div class="spacer"></div>
                ${[...this.#api?.kinds.values() ?? []].map((kind) => html`
                    <a class="button primary" href=${newLink(kind.name)}>New ${kind.name}</a>`)}
            </div>
            <sj-vitals .filter=${this.#filter} .kinds=${this.#api?.kinds}
                @narrow=${(/** @type {CustomEvent} */ event) => this.#narrow(event.detail)}></sj-vitals>
            <sj-filter .filter=${this.#filter} .kinds=${this.#api?.kinds} .admin=${admin}
                @narrow=${(/** @type {CustomEvent} */ event) => this.#narrow(event.detail)}></sj-filter>
            ${this.#chosen.size > 0 || this.#isTold ? html`
                <sj-bulk .rows=${[...this.#chosen.values()]} .api=${this.#api}
                @told=${() => { this.#isTold = true }} @done=${this.#unchoose}></sj-bulk>` : nothing}
            ${page.newer > 0 ? html`<p class="notice" role="status">${plural(page.newer, "new session")} since.
                <a href=${overviewLink(write({ ...this.#filter, cursor: "" }))}>Show the newest</a></p>` : nothing}
            ${this.#views.list?.(this.#filter.owner) ?? nothing}
            ${this.#list(page, admin)}
            ${this.#pager(page)}`
    }

    /** Where in the trail this page is. */
    get #place() {
        return this.#trail.indexOf(this.#filter.cursor)
    }

    /** @param {PageOfSessions} page */
    #counted(page) {
        if (!page.count) return ""
        const { count: number, atLeast } = page.count
        return atLeast ? `${count(number)} or more` : plural(number, "session")
    }

    /**
     * @param {PageOfSessions} page
     * @param {boolean} admin
     */
    #list(page, admin) {
        if (page.fault) return html`<div class="empty"><h2>The list cannot be shown</h2><p>${sentence(page.fault)}</p>
            <button @click=${() => this.#narrow(read(new URLSearchParams()))}>Show all sessions</button></div>`
        if (page.isLoaded && page.rows.length === 0) return page.next ? this.#emptySoFar(page) : this.#empty()
        const rows = sorted(page.rows, this.#filter.sort, this.#views.rank)
        return html`<sj-rows .rows=${rows} .sort=${this.#filter.sort}
            .isLoaded=${page.isLoaded} .chosen=${new Set(this.#chosen.keys())} .withOwner=${admin}
            @sort=${(/** @type {CustomEvent} */ event) => this.#sort(event.detail)}
            @choose=${(/** @type {CustomEvent} */ event) => this.#choose(event.detail)}
            @narrow=${(/** @type {CustomEvent} */ event) => this.#narrow(event.detail)}></sj-rows>`
    }

    /** @param {PageOfSessions} page */
    #emptySoFar(page) {
        return html`<div class="empty"><h2>Nothing found so far</h2>
            <p>Many sessions were looked at, and none of them fits. There are more.</p>
            <button @click=${() => this.#goOn(page)}>Look on</button></div>`
    }

    #empty() {
        const isFiltered = write({ ...this.#filter, sort: "" }).size > 0
        if (isFiltered) {
            return html`<div class="empty"><h2>Nothing fits</h2>
                <p>No session fits what you look for. It appears here as soon as there is one.</p>
                <a class="button" href="#/">Show all sessions</a></div>`
        }
        const kinds = [...this.#api?.kinds.keys() ?? []]
        return html`<div class="empty"><h2>No sessions yet</h2>
            <p>Begin one here, or from the command line: <code>sojourn new ${kinds[0] ?? "KIND"}</code>. It appears at
                once.</p>
            <a class="button primary" href="#/new">New session</a></div>`
    }

    /** @param {PageOfSessions} page */
    #pager(page) {
        if (page.isFirst && !page.hasNext) return nothing
        return html`<nav class="pager" aria-label="Pages">
            <button ?disabled=${page.isFirst} @click=${() => this.#narrow({})}>Newest</button>
            <button ?disabled=${this.#place === 0} @click=${this.#goBack}>Previous</button>
            <button ?disabled=${!page.hasNext} @click=${() => this.#goOn(page)}>Next</button>
        </nav>`
    }

    /** @param {PageOfSessions} page */
    async #goOn(page) {
        try {
            const cursor = await page.findNext()
            if (!cursor) return
            this.#trail = [...this.#trail.slice(0, this.#place + 1), cursor]
            this.#narrow({ cursor })
            window.scrollTo(0, 0)
        } catch (fault) {
            toasts.bad(fault)
        }
    }

    #goBack() {
        this.#narrow({ cursor: this.#trail[this.#place - 1] })
    }

    /** @param {string} sort */
    #sort(sort) {
        go(overviewLink(write({ ...this.#filter, sort })), { replace: true })
    }

    /** @param {{ rows: SessionRow[], isChosen: boolean }} choice */
    #choose({ rows, isChosen }) {
        import("./sj-bulk.js").catch((fault) => toasts.bad(fault))
        for (const row of rows) {
            if (isChosen) this.#chosen.set(keyOf(row), row)
            else this.#chosen.delete(keyOf(row))
        }
        this.requestUpdate()
    }

    #unchoose() {
        this.#chosen.clear()
        this.#isTold = false
        this.requestUpdate()
    }
}

customElements.define("sj-overview", SjOverview)
