// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { viewsOf } from "../kinds/index.js"
import { newKey, pathOf, Problem, send } from "../lib/api.js"
import { awaitApi } from "../lib/kinds.js"
import { login } from "../lib/me.js"
import { go, linkTo, newLink } from "../lib/router.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import "./sj-form.js"

/** @typedef {import("../kinds/index.js").Parameters & HTMLElement} Parameters */

/** Begins a session: of which kind, with which parameters. */
export class SjNew extends SjElement {
    static properties = { kind: { attribute: false } }

    /** @type {import("../lib/kinds.js").Api | undefined} */
    #api
    /** @type {Partial<import("../kinds/index.js").KindViews>} */
    #views = {}
    #isBusy = false
    #fault = { field: "", says: "" }
    #unanswered = { text: "", key: "" }

    constructor() {
        super()
        /** @type {string | undefined} */
        this.kind = undefined
    }

    begin() {
        document.title = this.kind ? `New ${this.kind} – Sojourn` : "New session – Sojourn"
        this.#load().catch((fault) => toasts.bad(fault))
    }

    async #load() {
        const api = await awaitApi(this.stop.signal)
        this.#views = await viewsOf(api.kinds.get(this.kind ?? ""))
        this.#api = api
        // With one kind there is nothing to choose.
        if (!this.kind && api.kinds.size === 1) go(newLink([...api.kinds.keys()][0]), { replace: true })
        this.requestUpdate()
    }

    render() {
        const api = this.#api
        const kind = this.kind ? api?.kinds.get(this.kind) : undefined
        const title = !this.kind ? "New session" : api && !kind ? `There is no kind ${this.kind}` : `New ${this.kind}`
        // One heading whatever comes: it may have the focus.
        return html`<div class="page-head"><h1 tabindex="-1">${title}</h1></div>
            ${!api ? nothing : !this.kind ? this.#choice(api)
                : !kind ? html`<p>This server has ${[...api.kinds.keys()].join(", ")}.</p>`
                : this.#form(kind, api.document)}`
    }

    /** @param {import("../lib/kinds.js").Api} api */
    #choice(api) {
        return html`<ul class="kind-list">${[...api.kinds.values()].map((kind) => html`<li>
            <a class="card" href=${newLink(kind.name)}>
                <strong>${kind.name}</strong><span class="muted">${kind.says}</span></a></li>`)}</ul>`
    }

    /**
     * @param {import("../lib/kinds.js").Kind} kind
     * @param {import("../lib/kinds.js").Json} document
     */
    #form(kind, document) {
        const fault = (/** @type {string} */ field) => this.#fault.field === field ? this.#fault.says : ""
        return html`<form class="card new-form" novalidate @submit=${this.#submit}>
            ${kind.start.says ? html`<p class="muted">${kind.start.says}</p>` : nothing}
            ${this.#views.parameters?.() ?? html`<sj-form class="parameters" .schema=${kind.start.schema}
                .document=${document} .example=${kind.start.example}></sj-form>`}
            <details><summary>Id and labels</summary>
                <div class="field"><label for="new-id">Id <span class="muted">optional</span></label>
                    <input id="new-id" name="id" maxlength="64" spellcheck="false" autocapitalize="off"
                        autocomplete="off" placeholder="one is made" aria-describedby="new-id-says new-id-fault"
                        aria-invalid=${fault("id") ? "true" : nothing}>
                    <p id="new-id-says" class="hint">1 to 64 of a-z, 0-9, '.', '_' and '-', the first a letter or a
                        digit.</p>
                    <p id="new-id-fault" role="alert" class="fault small">${fault("id")}</p></div>
                <div class="field"><label for="new-labels">Labels <span class="muted">optional</span></label>
                    <textarea id="new-labels" name="labels" rows="2" placeholder="name:value" spellcheck="false"
                        aria-describedby="new-labels-says new-labels-fault"
                        aria-invalid=${fault("label") ? "true" : nothing}></textarea>
                    <p id="new-labels-says" class="hint">One on a line, as name:value; at most 16.</p>
                    <p id="new-labels-fault" role="alert" class="fault small">${fault("label")}</p></div>
                ${login.me?.admin ? html`<div class="field">
                    <label for="new-owner">Owner <span class="muted">optional</span></label>
                    <input id="new-owner" name="owner" maxlength="64" spellcheck="false" autocapitalize="off"
                        placeholder=${login.me.owner}></div>` : nothing}
            </details>
            <div class="actions"><button class="primary" ?disabled=${this.#isBusy}>Create</button>
                <a class="button ghost" href="#/">Cancel</a></div>
        </form>`
    }

    /** @param {SubmitEvent} event */
    async #submit(event) {
        event.preventDefault()
        const form = /** @type {Parameters} */ (this.querySelector(".parameters"))
        const body = form.read()
        if (body === undefined || this.#isBusy) return
        const data = new FormData(/** @type {HTMLFormElement} */ (event.target))
        const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim()
        const query = { label: text("labels").split("\n").map((line) => line.trim()), owner: text("owner") }
        const id = text("id")
        const path = pathOf(id ? ["v1", this.kind ?? "", id] : ["v1", this.kind ?? ""], query)
        const whole = path + JSON.stringify(body)
        if (this.#unanswered.text !== whole) this.#unanswered = { text: whole, key: newKey() }
        this.#isBusy = true
        this.#fault = { field: "", says: "" }
        this.requestUpdate()
        try {
            const headers = id ? { "if-none-match": "*" } : undefined
            const response = await send(id ? "PUT" : "POST", path,
                { body, headers, key: this.#unanswered.key, signal: this.stop.signal })
            const session = await response.json()
            toasts.good(`${session.id} has begun.`)
            location.hash = linkTo(session)
        } catch (fault) {
            this.#fail(form, fault)
        }
        this.#isBusy = false
        this.requestUpdate()
    }

    /**
     * @param {Parameters} form
     * @param {unknown} fault
     */
    async #fail(form, fault) {
        const problem = fault instanceof Problem ? fault : undefined
        if (!problem?.isLost) this.#unanswered = { text: "", key: "" }
        const isOfId = problem && ["invalid-id", "already-exists"].includes(problem.type)
        const field = isOfId ? "id" : problem?.field
        if (problem && (field === "id" || field === "label")) {
            this.#fault = { field, says: problem.message }
            this.requestUpdate()
            await this.updateComplete
            const place = field === "id" ? "#new-id" : "#new-labels"
            const input = /** @type {HTMLElement | null} */ (this.querySelector(place))
            input?.closest("details")?.setAttribute("open", "")
            input?.focus()
            return
        }
        if (!problem || !form.showFault(problem.field, problem.message)) toasts.bad(fault)
    }
}

customElements.define("sj-new", SjNew)
