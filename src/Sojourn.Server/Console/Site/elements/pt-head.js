// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { memberOf } from "../lib/party.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"
import "./sj-time.js"

/** @typedef {import("../lib/party.js").Party} Party */

/** How a party stands, and what its host decides about all of it. */
export class PtHead extends SjElement {
    static properties = { of: { attribute: false }, party: { attribute: false }, isGone: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Party | undefined} */
        this.party = undefined
        this.isGone = false
    }

    render() {
        const { party } = this
        if (!party) return nothing
        const isOver = party.endedAt !== undefined
        const host = memberOf(party, party.host)
        return html`<section class="card party-head" aria-label="The party">
            <div class="party-name">
                <h2>${party.name}</h2>
                <sj-status status=${isOver ? "ended" : "open"} ?final=${isOver}></sj-status>
                ${party.isLocked ? html`<span class="tag">locked</span>` : nothing}
            </div>
            <dl class="facts">
                ${fact("Members", `${party.members.length} of ${party.size}`)}
                ${fact("Host", host?.name ?? "nobody")}
                ${fact("Network", party.subnet)}
                ${fact("If the host leaves", party.endsWithHost ? "it is over" : "the oldest member is host")}
                ${fact("Made", html`<sj-time at=${party.createdAt}></sj-time>`)}
                ${party.endedAt ? fact("Ended", html`<sj-time at=${party.endedAt}></sj-time>`) : nothing}
            </dl>
            ${this.#readiness(party)}
            ${isOver ? html`<p class="notice">This party is over, and its invitation is good for nothing.</p>`
                : host ? this.#actions(party)
                : html`<p class="notice">Nobody is here yet. Send your friends the link below. Whoever joins first is
                    the host. If nobody comes for a while, the party ends by itself.</p>`}
        </section>`
    }

    /** @param {Party} party */
    #actions(party) {
        const isAsked = party.readyCheck !== undefined && !party.readyCheck.isOver
        return html`<div class="actions">
            <button ?disabled=${this.isGone || isAsked} @click=${() => this.#send("ask-ready")}>
                Ask whether all are ready</button>
            <button ?disabled=${this.isGone} @click=${() => this.#send("settle", { locked: !party.isLocked })}>
                ${party.isLocked ? "Unlock" : "Lock"}</button>
            <div class="spacer"></div>
            <button class="danger" ?disabled=${this.isGone} @click=${this.#end}>End the party</button>
        </div>`
    }

    /** @param {Party} party */
    #readiness({ readyCheck, members, endedAt }) {
        if (!readyCheck || endedAt) return nothing
        const { answers, isOver } = readyCheck
        const ready = members.filter(({ id }) => answers[id]).length
        return html`<p role="status" class="readiness">${isOver
            ? `When asked last, ${ready} of ${members.length} were ready.`
            : html`Is everybody ready? ${ready} of ${members.length} are.
                <span class="muted">Time is up <sj-time at=${readyCheck.endsAt}></sj-time>.</span>`}</p>`
    }

    async #end() {
        const { party } = this
        const isSure = party && await confirm({
            title: `End ${party.name}?`,
            says: "All members lose their seats and their network, and nobody can join any more.",
            action: "End",
        })
        if (isSure) await this.#send("end-party")
    }

    /**
     * The session's owner may speak for whoever is host.
     * @param {string} command
     * @param {Record<string, unknown>} [body]
     */
    async #send(command, body) {
        if (this.of && this.party) await sendTo(this.of, command, { by: this.party.host, ...body })
    }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

customElements.define("pt-head", PtHead)
