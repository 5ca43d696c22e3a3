// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { ask, newKey, pathOf, sentence } from "../lib/api.js"
import { keyOf } from "../lib/filter.js"
import { linesOf } from "../lib/lines.js"
import { plural } from "../lib/numbers.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-form.js"

/** @typedef {import("../lib/types.js").SessionRow} SessionRow */
/** @typedef {import("./sj-form.js").SjForm} SjForm */
/** @typedef {{ id: string, ok: boolean, problem?: { detail?: string, title?: string } }} Result */

const mostResults = 100

/** What can be done with several sessions at once, and what came of it for each. */
export class SjBulk extends SjElement {
    static properties = { rows: { attribute: false }, api: { attribute: false } }

    /** @type {string} */
    #command = ""
    #isBusy = false
    /** @type {Result[]} */
    #results = []
    #done = ""

    constructor() {
        super()
        /** @type {SessionRow[]} */
        this.rows = []
        /** @type {import("../lib/kinds.js").Api | undefined} */
        this.api = undefined
    }

    /** The kind of all that are chosen, if it is the same. */
    get #kind() {
        const names = new Set(this.rows.map((row) => row.kind))
        return names.size === 1 ? this.api?.kinds.get([...names][0]) : undefined
    }

    render() {
        const commands = this.#kind?.commands ?? []
        const command = commands.find((each) => each.name === this.#command)
        return html`<form class="card bulk" aria-label="Several at once" novalidate @submit=${this.#submit}>
            <div class="actions">
                <strong role="status">${plural(this.rows.length, "session")} selected</strong>
                ${commands.length > 0 ? html`<select aria-label="Command" @change=${this.#choose}>
                    <option value="" .selected=${!command}>Choose a command</option>
                    ${commands.map(({ name }) => html`<option value=${name} .selected=${name === this.#command}>
                        ${name}</option>`)}
                </select>
                <button class="primary" ?disabled=${!command || this.#isBusy || this.rows.length === 0}>
                    Send to all</button>`
                    : this.rows.length === 0 ? nothing
                    : html`<span class="muted small">Commands can be sent to sessions of one kind.</span>`}
                <button type="button" class="danger" ?disabled=${this.#isBusy || this.rows.length === 0}
                    @click=${this.#remove}>Remove</button>
                <div class="spacer"></div>
                <button type="button" class="ghost" @click=${this.#close}>Close</button>
            </div>
            ${command ? html`<sj-form .schema=${command.schema} .document=${this.api?.document}
                .example=${command.example}></sj-form>` : nothing}
            ${this.#done || this.#isBusy ? this.#outcome() : nothing}
        </form>`
    }

    #outcome() {
        const failed = this.#results.filter((result) => !result.ok)
        const shown = [...failed, ...this.#results.filter((result) => result.ok)].slice(0, mostResults)
        const says = this.#isBusy ? `${plural(this.#results.length, "result")} so far …` : this.#done
        return html`<p role="status">${says}</p>
            <ul class="results">${shown.map((result) => html`<li data-ok=${result.ok}>
                <span class=${result.ok ? "good" : "bad"}>${result.ok ? "done" : "not done"}</span> ${result.id}
                ${result.ok ? nothing : html`<span class="muted">
                    ${result.problem?.detail ?? result.problem?.title ?? ""}</span>`}
            </li>`)}</ul>`
    }

    /** @param {Event} event */
    #choose(event) {
        this.#command = /** @type {HTMLSelectElement} */ (event.target).value
        this.requestUpdate()
    }

    /** @param {SubmitEvent} event */
    #submit(event) {
        event.preventDefault()
        const form = /** @type {SjForm | null} */ (this.querySelector("sj-form"))
        const parameters = form?.read()
        if (parameters === undefined || this.#isBusy) return
        this.#run(this.#command, parameters, form)
    }

    async #remove() {
        const isSure = await confirm({
            title: `Remove ${plural(this.rows.length, "session")}?`,
            says: "They go with their states, events and streams, and nothing brings them back.",
            action: "Remove",
        })
        if (isSure) await this.#run("remove", undefined, null)
    }

    /**
     * @param {string} command
     * @param {unknown} parameters
     * @param {SjForm | null} form
     */
    async #run(command, parameters, form) {
        this.#results = []
        this.#done = ""
        this.#isBusy = true
        this.dispatchEvent(new CustomEvent("told"))
        this.requestUpdate()
        try {
            for (const [first, ...rest] of groups(this.rows)) await this.#send(command, parameters, [first, ...rest])
            const failed = this.#results.filter((result) => !result.ok).length
            this.#done = `${command}: ${this.#results.length - failed} done, ${failed} not done.`
        } catch (fault) {
            const problem = /** @type {import("../lib/api.js").Problem} */ (fault)
            const field = problem.field?.replace(/^parameters\./, "")
            if (!form?.isConnected || !form.showFault(field, sentence(fault))) this.#done = sentence(fault)
        }
        this.#isBusy = false
        this.requestUpdate()
    }

    /**
     * @param {string} command
     * @param {unknown} parameters
     * @param {SessionRow[]} rows Of one kind and one owner.
     */
    async #send(command, parameters, rows) {
        const [{ kind, owner }] = rows
        const response = await ask("POST", pathOf(["v1", kind, "bulk"], { owner }), {
            body: { ids: rows.map((row) => row.id), command, parameters },
            headers: { "idempotency-key": newKey() },
            signal: this.stop.signal,
        })
        let isWhole = false
        for await (const line of linesOf(response)) {
            const result = JSON.parse(line)
            if ("id" in result) this.#results = [...this.#results, result]
            else isWhole = true
            this.requestUpdate()
        }
        if (!isWhole) throw new Error("The answer broke off: what became of the rest is not known.")
    }

    #close() {
        this.#results = []
        this.#done = ""
        this.dispatchEvent(new CustomEvent("done"))
    }
}

/** @param {SessionRow[]} rows */
const groups = (rows) => Map.groupBy(rows, (row) => keyOf({ ...row, id: "" })).values()

customElements.define("sj-bulk", SjBulk)
