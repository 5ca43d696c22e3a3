// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { getJson, isAbort, pathOf, sentence } from "../lib/api.js"
import { login } from "../lib/me.js"
import { plural } from "../lib/numbers.js"
import { linkTo } from "../lib/router.js"
import { numberOf } from "../lib/session-watch.js"
import { exact } from "../lib/times.js"
import { SjElement } from "./sj-element.js"

/**
 * @typedef {object} Hit
 * @property {string} session
 * @property {string} profile
 * @property {string} type
 * @property {string} at
 * @property {string} excerpt
 * @property {number} matchAt
 * @property {number} matchLength
 * @property {boolean} moreInSession
 * @property {string} [title]
 * @property {string} [offset]
 */

/** @typedef {{ hits: Hit[], complete: boolean, next?: string }} Found */

const typingPause = 250

/** What an event of a type did, in words. @type {Record<string, string>} */
const says = {
    "prompt-queued": "was asked", "text-written": "said", "tool-used": "did", "document-replied": "replied",
    "ask-opened": "wanted to know", "ask-answered": "was answered", "noticed": "noted", "screen": "shows",
}

/** Finds words in what agents were asked, said and did, and on terminals. Each hit leads to where it stands. */
export class AgSearch extends SjElement {
    static properties = { owner: { attribute: false } }

    #timer = 0
    #text = ""
    /** The one session that is searched; all of them if it is empty. */
    #session = ""
    /** @type {Hit[]} */
    #hits = []
    /** @type {string | undefined} */
    #next
    #isBusy = false
    #fault = ""
    #asking = new AbortController()

    constructor() {
        super()
        /** Whose sessions; one's own if it is empty. */
        this.owner = ""
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        signal.addEventListener("abort", () => this.#forget(), { once: true })
    }

    /** @param {Map<string, unknown>} changed */
    willUpdate(changed) {
        if (changed.has("owner") && this.#text !== "") this.#begin()
    }

    render() {
        return html`<search class="agent-search">
            <form class="filter" @submit=${this.#submit}>
                <label class="field grow"><span>Find in logs</span><input type="search" name="words" maxlength="200"
                    placeholder="what was asked, said or done" @input=${this.#type}></label>
            </form>
            <p class="muted small" role="status">${this.#status()}</p>
            ${this.#session ? html`<button class="label" title="No longer only in this one"
                @click=${() => this.#only("")}>${this.#session} <span aria-hidden="true">×</span></button>` : nothing}
            ${this.#hits.length > 0
                ? html`<ol class="hits card">${this.#hits.map((hit) => this.#hit(hit))}</ol>` : nothing}
            ${this.#next ? html`<button ?disabled=${this.#isBusy} @click=${this.#goOn}>Look on</button>` : nothing}
        </search>`
    }

    #status() {
        if (this.#text === "") return nothing
        if (this.#fault) return this.#fault
        const count = this.#hits.length
        if (this.#isBusy) return count > 0 ? `${plural(count, "place")} so far …` : "Looking …"
        if (this.#next) return count > 0 ? `${plural(count, "place")} so far.` : "Nothing found so far; there is more."
        return count > 0 ? `${plural(count, "place")}.` : "It stands nowhere."
    }

    /** @param {Hit} hit */
    #hit(hit) {
        const { excerpt, matchAt, matchLength } = hit
        const end = matchAt + matchLength
        return html`<li><a href=${this.#link(hit)}>
                <span class="hit-head"><strong class="agent-title">${hit.title ?? hit.session}</strong>
                    <span class="muted small">${says[hit.type] ?? hit.type} · <time
                        datetime=${hit.at}>${exact(hit.at)}</time></span></span>
                <span class="hit-text">${excerpt.slice(0, matchAt)}<mark>${excerpt.slice(matchAt, end)}</mark>${
                    excerpt.slice(end)}</span></a>
            ${hit.moreInSession ? html`<button class="small" aria-label="All in ${hit.title ?? hit.session}"
                @click=${() => this.#only(hit.session)}>All in this one</button>` : nothing}</li>`
    }

    /** @param {Hit} hit */
    #link({ session, offset }) {
        const link = linkTo({ kind: "agent", id: session, owner: this.owner || (login.me?.owner ?? "") })
        return offset ? `${link}&at=${numberOf(offset)}` : link
    }

    /** @param {Event} event */
    #type(event) {
        const { value } = /** @type {HTMLInputElement} */ (event.target)
        clearTimeout(this.#timer)
        this.#timer = window.setTimeout(() => this.#seek(value), typingPause)
    }

    /** @param {SubmitEvent} event */
    #submit(event) {
        event.preventDefault()
        this.#seek(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("words") ?? ""))
    }

    /** @param {string} value */
    #seek(value) {
        clearTimeout(this.#timer)
        if (value.trim() === this.#text) return
        this.#text = value.trim()
        this.#session = ""
        this.#begin()
    }

    /** @param {string} session */
    #only(session) {
        this.#session = session
        this.#begin()
        this.querySelector("input")?.focus()
    }

    #begin() {
        this.#forget()
        this.#hits = []
        this.#next = undefined
        this.#fault = ""
        if (this.#text !== "") this.#ask()
        this.requestUpdate()
    }

    /** What was asked before is no longer of interest. */
    #forget() {
        clearTimeout(this.#timer)
        this.#asking.abort()
        this.#asking = new AbortController()
        this.#isBusy = false
    }

    #goOn() {
        this.#ask()
        this.requestUpdate()
    }

    async #ask() {
        const { signal } = this.#asking
        this.#isBusy = true
        try {
            const found = /** @type {Found} */ (await getJson(pathOf(["v1", "agent", "search"], {
                q: this.#text, session: this.#session, owner: this.owner, cursor: this.#next,
            }), signal))
            this.#hits = [...this.#hits, ...found.hits]
            this.#next = found.next
        } catch (fault) {
            if (isAbort(fault)) return
            this.#fault = sentence(fault)
        }
        if (signal.aborted) return
        this.#isBusy = false
        this.requestUpdate()
    }
}

customElements.define("ag-search", AgSearch)
