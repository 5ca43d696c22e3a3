// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/agent.js").Ask} Ask */
/** @typedef {import("../lib/agent.js").Question} Question */

let places = 0

/** Something that an agent asks before it goes on. It waits as long as it takes; the first answer counts. */
export class AgAsk extends SjElement {
    static properties = {
        of: { attribute: false }, ask: { attribute: false }, client: { attribute: false }, isGone: { attribute: false },
    }

    /** What agents call it need not be fit for an id of the page. */
    #place = `ask-${++places}`
    #isSending = false
    #fault = ""

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Ask | undefined} */
        this.ask = undefined
        this.client = ""
        this.isGone = false
    }

    render() {
        const { ask } = this
        if (!ask) return nothing
        const id = this.#place
        const canDeny = ask.choices.some(({ allows }) => !allows)
        return html`<section class="ask card" aria-labelledby=${id}>
            <div class="section-head"><h3 id=${id}>${ask.title}</h3><span class="tag">${ask.tool}</span>
                <span class="muted small">asked <sj-time at=${ask.at}></sj-time></span></div>
            ${ask.detail && (ask.questions?.length ?? 0) === 0 ? html`<details ?open=${ask.detail.length < 400}>
                <summary class="small">What exactly</summary>
                <pre tabindex="0" role="group" aria-label="What exactly">${ask.detail}</pre></details>` : nothing}
            <form @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
                ${(ask.questions ?? []).map((question, i) => this.#question(question, i))}
                ${canDeny ? html`<div class="field"><label for="${id}-word">A word to the agent
                    <span class="muted">optional, if you do not allow it</span></label>
                    <input id="${id}-word" name="message" maxlength="20000" autocomplete="off"></div>` : nothing}
                <p role="alert" class="fault small">${this.#fault}</p>
                <div class="actions">${ask.choices.map((choice) => html`<button type="button"
                    class=${choice.allows ? "primary" : ""} ?disabled=${this.#isSending || this.isGone}
                    @click=${() => this.#answer(choice)}>${choice.name}</button>`)}</div>
            </form></section>`
    }

    /**
     * @param {Question} question
     * @param {number} number
     */
    #question(question, number) {
        const name = `question-${number}`
        const sort = question.several ? "checkbox" : "radio"
        return html`<fieldset><legend>${question.text}</legend>
            ${question.options.map((option) => html`<label class="option">
                <input type=${sort} name=${name} value=${option}> <span>${option}</span></label>`)}
            <label class="field"><span>${question.options.length > 0 ? "Or in your own words" : "Your answer"}</span>
                <input name="${name}-own" maxlength="2000" autocomplete="off"></label></fieldset>`
    }

    /** @param {Question} question @param {number} number @param {FormData} data */
    #answerTo(question, number, data) {
        const own = String(data.get(`question-${number}-own`) ?? "").trim()
        const chosen = data.getAll(`question-${number}`).map(String)
        if (own === "") return chosen.join(", ")
        return question.several ? [...chosen, own].join(", ") : own
    }

    /** @param {import("../lib/agent.js").Choice} choice */
    async #answer(choice) {
        const { ask, of } = this
        const form = this.querySelector("form")
        if (!ask || !of || !form) return
        const data = new FormData(form)
        const questions = ask.questions ?? []
        const answers = Object.fromEntries(
            questions.map((question, i) => [question.text, this.#answerTo(question, i, data)]))
        const missing = choice.allows ? questions.find(({ text }) => answers[text] === "") : undefined
        this.#fault = missing ? `There is no answer to: ${missing.text}` : ""
        this.#isSending = !missing
        this.requestUpdate()
        if (missing) return
        const message = String(data.get("message") ?? "").trim()
        const isTaken = await sendTo(of, "answer-ask", {
            ask: ask.id, choice: choice.id, by: this.client,
            ...choice.allows && questions.length > 0 ? { answers } : {},
            ...!choice.allows && message !== "" ? { message } : {},
        })
        // Taken, it stays as it is until the log says so.
        if (isTaken) return
        this.#isSending = false
        this.requestUpdate()
    }
}

customElements.define("ag-ask", AgAsk)
