// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { plural } from "../lib/numbers.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/agent.js").Prompt} Prompt */

const says = { queued: "waits", handedOver: "is on its way", acknowledged: "at work on it", cut: "cut off" }

/** What was asked and is not done. */
export class AgQueue extends SjElement {
    static properties = {
        of: { attribute: false },
        agent: { attribute: false }, client: { attribute: false }, isGone: { attribute: false },
    }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/agent.js").Agent | undefined} */
        this.agent = undefined
        this.client = ""
        this.isGone = false
    }

    /** What the agent has is to be seen in the log; so is what it is about to get. */
    get #shown() {
        const { prompts = [], turn, waitsFor } = this.agent ?? {}
        const queued = prompts.filter(({ state }) => state === "queued")
        const isAtWork = turn || waitsFor || queued.length > 1
            || prompts.some(({ state }) => state === "handedOver" || state === "acknowledged")
        return prompts.filter(({ state }) => state === "cut" || (state === "queued" && isAtWork))
    }

    render() {
        const shown = this.#shown
        if (shown.length === 0) return nothing
        const cut = shown.filter(({ state }) => state === "cut").length
        const waiting = shown.length - cut
        const title = [waiting > 0 ? `${plural(waiting, "prompt")} ${waiting === 1 ? "waits" : "wait"}` : "",
            cut > 0 ? `${plural(cut, "prompt")} cut off` : ""].filter((each) => each !== "").join(", ")
        return html`<section class="queue card" aria-labelledby="queue-title"><h3 id="queue-title">${title}</h3>
            <ol>${repeat(shown, ({ id }) => id, (prompt) => this.#row(prompt))}</ol></section>`
    }

    /** @param {Prompt} prompt */
    #row(prompt) {
        const isCut = prompt.state === "cut"
        return html`<li data-state=${prompt.state}><span class="queue-text">${prompt.preview}</span>
            <span class="small ${isCut ? "warn" : "muted"}">${says[prompt.state]}${isCut
                ? "; it may be done in part" : ""}</span>
            <span class="actions">
                ${isCut ? html`<button ?disabled=${this.isGone} aria-label="Run again: ${prompt.preview}"
                    @click=${() => this.#send("run-again", { prompt: prompt.id, by: this.client })}>Run again</button>`
                    : nothing}
                <button ?disabled=${this.isGone} aria-label="Withdraw: ${prompt.preview}"
                    @click=${() => this.#send("withdraw-prompt", { prompt: prompt.id })}>Withdraw</button>
            </span></li>`
    }

    /**
     * @param {string} command
     * @param {unknown} body
     */
    async #send(command, body) {
        if (this.of) await sendTo(this.of, command, body)
    }
}

customElements.define("ag-queue", AgQueue)
