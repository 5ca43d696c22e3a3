// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { natWords, newInvitation } from "../lib/party.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/party.js").Member} Member */

/** Who is in a party, and who may not come again. */
export class PtMembers extends SjElement {
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
        return html`<section class="card party-members" aria-labelledby="members-title">
            <div class="section-head"><h2 id="members-title">Members</h2></div>
            <ul>${repeat(party.members, ({ id }) => id, (member) => this.#row(party, member))}</ul>
            ${party.banned.length === 0 ? nothing : html`<h3>Banned</h3>
                <ul>${repeat(party.banned, ({ member }) => member, ({ member, name, at }) => html`<li>
                    <span class="member-name"><strong>${name}</strong></span>
                    <span class="small muted"><sj-time at=${at}></sj-time></span>
                    <div class="actions"><button ?disabled=${this.isGone} aria-label="Let join again: ${name}"
                        @click=${() => this.#send("unban", { member })}>Let join again</button></div></li>`)}</ul>`}
        </section>`
    }

    /**
     * @param {Party} party
     * @param {Member} member
     */
    #row({ host, readyCheck }, member) {
        const { id, name, address, nat, lastSeenAt } = member
        const isHost = id === host
        const answer = readyCheck?.answers[id]
        return html`<li data-member=${id}>
            <span class="member-name"><strong>${name}</strong>
                ${isHost ? html`<span class="tag recommended">host</span>` : nothing}
                ${answer === undefined ? nothing
                    : html`<span class="tag">${answer ? "ready" : "not ready"}</span>`}</span>
            <span class="small muted"><span class="mono">${address}</span>
                <span title=${nat.evidence}>${natWords(nat.kind)}</span>,
                last seen <sj-time at=${lastSeenAt}></sj-time></span>
            <div class="actions">${isHost ? nothing : this.#actions(member)}</div></li>`
    }

    /** @param {Member} member */
    #actions(member) {
        const { name } = member
        return html`
            <button ?disabled=${this.isGone} aria-label="Make host: ${name}" @click=${() => this.#handOver(member)}>
                Make host</button>
            <button ?disabled=${this.isGone} aria-label="Kick ${name}" @click=${() => this.#kick(member)}>Kick</button>
            <button class="danger" ?disabled=${this.isGone} aria-label="Ban ${name}" @click=${() => this.#ban(member)}>
                Ban</button>`
    }

    /** @param {Member} member */
    async #handOver({ id, name }) {
        const isSure = await confirm({
            title: `Make ${name} host?`,
            says: `${name} decides from then on who stays, and can hand the party on.`,
            action: "Make host",
        })
        if (isSure) await this.#send("hand-over", { member: id })
    }

    /** @param {Member} member */
    async #kick({ id, name }) {
        const isSure = await confirm({
            title: `Kick ${name}?`,
            says: `${name} loses the seat and the network at once, and may join again.`,
            action: "Kick",
        })
        if (isSure) await this.#send("kick", { member: id })
    }

    /** @param {Member} member */
    async #ban({ id, name }) {
        const isSure = await confirm({
            title: `Ban ${name}?`,
            says: `${name} loses the seat and cannot come back. The invitation is another one from then on, so that it `
                + "is of no use under another name either.",
            action: "Ban",
        })
        if (isSure && this.party) await this.#send("ban", { member: id, invitation: newInvitation(this.party) })
    }

    /**
     * The session's owner may speak for whoever is host.
     * @param {string} command
     * @param {Record<string, unknown>} body
     */
    async #send(command, body) {
        if (this.of && this.party) await sendTo(this.of, command, { by: this.party.host, ...body })
    }
}

customElements.define("pt-members", PtMembers)
