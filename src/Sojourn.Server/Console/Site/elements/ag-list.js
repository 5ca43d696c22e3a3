// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { isAbort, getJson, pathOf } from "../lib/api.js"
import { isAtWork, rankOf } from "../lib/agent.js"
import { keyOf, read } from "../lib/filter.js"
import { login } from "../lib/me.js"
import { PageOfSessions } from "../lib/page-of-sessions.js"
import { linkTo, newLink } from "../lib/router.js"
import { sortable } from "../lib/times.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"

/** @typedef {import("../lib/types.js").SessionRow} SessionRow */

/** So many are a glance; the list below, or the overview, has all. */
const most = 30

/** All agents at a glance, live: those that wait for somebody first. From one to the other it is one click. */
export class AgList extends SjElement {
    static properties = { shown: { attribute: false }, named: { attribute: false } }

    /** @type {PageOfSessions | undefined} */
    #page
    /** What they are called, by key. @type {Map<string, string>} */
    #titles = new Map()

    constructor() {
        super()
        /** The id of the one whose page this is. */
        this.shown = ""
        /** What that one is called now. @type {string | undefined} */
        this.named = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const page = new PageOfSessions(read(new URLSearchParams({ kind: "agent" })), login.me?.admin ?? false)
        this.#page = page
        this.watch(page, signal)
        page.addEventListener("change", () => this.#name(signal), { signal })
        page.start()
        signal.addEventListener("abort", () => page.stop(), { once: true })
    }

    get #rows() {
        return (this.#page?.rows ?? []).toSorted((one, other) => rankOf(one.status) - rankOf(other.status)
            || (sortable(one.lastActivityAt) < sortable(other.lastActivityAt) ? 1 : -1)).slice(0, most)
    }

    /** Lists tell no titles: each is asked for once. @param {AbortSignal} signal */
    async #name(signal) {
        for (const row of this.#rows) {
            const key = keyOf(row)
            if (this.#titles.has(key)) continue
            this.#titles.set(key, "")
            try {
                const path = pathOf(["v1", "agent", row.id], { owner: row.owner })
                const { state } = /** @type {{ state: { title?: string } }} */ (await getJson(path, signal))
                this.#titles.set(key, state.title ?? "")
                this.requestUpdate()
            } catch (fault) {
                if (isAbort(fault)) return
                // It is gone, or the server is: its id names it as well.
            }
        }
    }

    render() {
        const rows = this.#rows
        const waiting = (this.#page?.rows ?? []).filter(({ status }) => status === "waiting").length
        return html`<nav class="agents card" aria-label="Agents">
            <h2><a href="#/?kind=agent">Agents</a> <span role="status">${waiting > 0
                ? html`<span class="badge">${waiting} ${waiting === 1 ? "waits" : "wait"}</span>` : nothing}</span></h2>
            <ul>${repeat(rows, keyOf, (row) => this.#row(row))}</ul>
            <a class="button small" href=${newLink("agent")}>New agent</a></nav>`
    }

    /** @param {SessionRow} row */
    #row(row) {
        const title = row.id === this.shown ? this.named : this.#titles.get(keyOf(row))
        return html`<li><a href=${linkTo(row)} data-status=${row.status} title=${row.id}
            aria-current=${row.id === this.shown ? "page" : nothing}><span class="agent-title">${title || row.id}</span>
            <sj-status status=${row.status} ?busy=${isAtWork(row.status)} ?final=${row.final}></sj-status></a></li>`
    }
}

customElements.define("ag-list", AgList)
