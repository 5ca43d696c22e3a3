// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { isAtWork, isBusy, isLive, statusSays } from "../lib/agent.js"
import { newKey, send } from "../lib/api.js"
import { sendTo } from "../lib/commands.js"
import { notices } from "../lib/notices.js"
import { linkTo } from "../lib/router.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"
import "./sj-time.js"

/** @typedef {import("../lib/agent.js").Agent} Agent */

/** What an agent is called and is doing, and what can be done with it whatever it is. */
export class AgHead extends SjElement {
    static properties = {
        of: { attribute: false },
        agent: { attribute: false }, client: { attribute: false }, isGone: { attribute: false },
    }

    #isNaming = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Agent | undefined} */
        this.agent = undefined
        this.client = ""
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.watch(notices, signal)
    }

    render() {
        const { agent, of } = this
        if (!agent || !of) return nothing
        return html`<div class="agent-head card">
            <div class="agent-name">${this.#isNaming ? this.#nameForm(agent) : html`
                <h2>${agent.title ?? of.id}</h2>
                <button class="ghost small" ?disabled=${this.isGone} @click=${this.#beginName}>Rename</button>`}
                <span class="tag">${agent.profile}</span>
                ${agent.directory ? html`<span class="muted small mono">${agent.directory}</span>` : nothing}
            </div>
            <p class="agent-status"><span role="status"><sj-status status=${agent.status}
                ?busy=${isAtWork(agent.status)} ?final=${agent.status === "ended"}></sj-status></span>
                <span class="muted small">${this.#says(agent)}</span></p>
            <div class="actions">${this.#actions(agent)}</div>
        </div>`
    }

    /** @param {Agent} agent */
    #says(agent) {
        if (agent.status === "starting" && agent.waitsFor) return `It waits for a place: ${agent.waitsFor}`
        if (agent.status === "failed" && agent.error) return agent.error
        if (agent.status === "running" && agent.turn) {
            return html`At work since <sj-time at=${agent.turn.beganAt}></sj-time>.`
        }
        if (agent.status === "ended" && agent.exit?.code !== undefined) {
            return `Its program ended with exit code ${agent.exit.code}.`
        }
        return statusSays[agent.status] ?? ""
    }

    /** @param {Agent} agent */
    #actions(agent) {
        const isTerminal = agent.protocol === "terminal"
        const canInterrupt = isLive(agent) && (isTerminal || agent.turn !== undefined || agent.backgroundTasks > 0)
        const button = (/** @type {string} */ title, /** @type {string} */ command, /** @type {boolean} */ can) => html`
            <button ?disabled=${!can || this.isGone} @click=${() => this.#send(command)}>${title}</button>`
        return html`
            ${button("Interrupt", "interrupt", canInterrupt)}
            ${isBusy(agent) ? html`
                ${isTerminal ? nothing : button("Hibernate", "hibernate", agent.status === "idle")}
                <button class="danger" ?disabled=${this.isGone || agent.status === "stopping"} @click=${this.#stop}>
                    Stop</button>`
                : html`<button class="primary" ?disabled=${this.isGone} @click=${() => this.#send("resume")}>
                    Resume</button>`}
            ${isTerminal ? nothing : html`<button ?disabled=${!agent.conversation || this.isGone}
                title="Begins another session with a copy of this conversation" @click=${this.#fork}>Fork</button>`}
            ${this.#notify()}`
    }

    #notify() {
        const is = notices.is
        if (is === "none") return nothing
        const says = is === "blocked" ? "This browser was told to let this page send none."
            : "Tells when it waits or is done while you look elsewhere."
        return html`<button class="ghost" ?disabled=${is === "blocked"} title=${says} aria-pressed=${is === "on"}
            @click=${() => notices.turn()}>Notify me</button>`
    }

    /** @param {Agent} agent */
    #nameForm(agent) {
        return html`<form class="name-form" @submit=${this.#rename}
                @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.#endName()}>
            <input name="title" aria-label="What it is called" maxlength="200" .defaultValue=${agent.title ?? ""}>
            <button class="primary">Save</button>
            <button type="button" class="ghost" @click=${this.#endName}>Cancel</button></form>`
    }

    async #beginName() {
        this.#isNaming = true
        this.requestUpdate()
        await this.updateComplete
        const input = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=title]"))
        input?.select()
    }

    async #endName() {
        this.#isNaming = false
        this.requestUpdate()
        await this.updateComplete
        const button = /** @type {HTMLElement | null} */ (this.querySelector(".agent-name button"))
        button?.focus()
    }

    /** @param {SubmitEvent} event */
    #rename(event) {
        event.preventDefault()
        const title = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("title")).trim()
        this.#endName()
        return this.#send("rename", title === "" ? {} : { title })
    }

    /**
     * @param {string} command
     * @param {unknown} [body]
     */
    async #send(command, body) {
        if (this.of) await sendTo(this.of, command, body)
    }

    async #stop() {
        const isSure = this.agent?.status === "idle" || await confirm({
            title: "Stop it?",
            says: "What is under way is cut off. It can be resumed: an agent goes on with its conversation, a terminal "
                + "begins anew.",
            action: "Stop",
        })
        if (isSure) await this.#send("stop")
    }

    async #fork() {
        const watch = this.of
        if (!watch) return
        try {
            const response = await send("POST", watch.path(["fork"]), { body: {}, key: newKey() })
            const session = await response.json()
            toasts.good(`${session.id} goes on from here.`)
            location.hash = linkTo(session)
        } catch (fault) {
            toasts.bad(fault)
        }
    }
}

customElements.define("ag-head", AgHead)
