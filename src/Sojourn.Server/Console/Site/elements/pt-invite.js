// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { copy } from "../lib/copy.js"
import { isLocalAddress, joinCommand, linkOf, newInvitation } from "../lib/party.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"

/** How to join a party. */
export class PtInvite extends SjElement {
    static properties = { of: { attribute: false }, party: { attribute: false }, isGone: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/party.js").Party | undefined} */
        this.party = undefined
        this.isGone = false
    }

    render() {
        const { party } = this
        if (!party) return nothing
        const { invitation, passwordHash, isLocked, host } = party
        return html`<section class="card party-invite" aria-labelledby="invite-title">
            <div class="section-head"><h2 id="invite-title">Invitation</h2><div class="spacer"></div>
                <button ?disabled=${this.isGone || host === ""} @click=${this.#renew}
                    title=${host === "" ? "Once somebody is there" : ""}>New invitation</button></div>
            ${isLocked ? html`<p class="notice small" data-tone="warn">The party is locked: nobody new may join until it
                is unlocked.</p>` : nothing}
            <div class="party-codes">
                ${this.#field("Link", "invite-link", linkOf(invitation), "Copy the link")}
                ${this.#field("Command", "invite-command", joinCommand(invitation), "Copy the command")}
            </div>
            <p class="muted small">${passwordHash === "" ? "Whoever has it can join."
                : html`It has a password as well: add <code>--password WORD</code> to the command.`} ${isLocalAddress()
                ? "Other machines do not reach the address that you have opened this page under: put the server's own "
                    + "in its place."
                : nothing}</p>
        </section>`
    }

    /**
     * @param {string} label
     * @param {string} id
     * @param {string} value
     * @param {string} action
     */
    #field(label, id, value, action) {
        return html`<div class="field"><label for=${id} class="small muted">${label}</label>
            <div class="with-copy"><input id=${id} class="mono" readonly spellcheck="false" .value=${value}>
                <button aria-label=${action} @click=${() => this.#copy(id)}>Copy</button></div></div>`
    }

    /** @param {string} id */
    async #copy(id) {
        const field = /** @type {HTMLInputElement} */ (this.querySelector(`#${id}`))
        if (await copy(field)) toasts.good("Copied.")
        else toasts.bad("The browser does not let this page copy. It is selected: press Ctrl-C.")
    }

    async #renew() {
        const isSure = await confirm({
            title: "Make a new invitation?",
            says: "The link that you have sent so far is good for nothing from then on. Whoever is in the party stays.",
            action: "New invitation",
        })
        const { of: watch, party } = this
        if (!isSure || !watch || !party) return
        const isDone = await sendTo(watch, "invite", { by: party.host, invitation: newInvitation(party) })
        if (isDone) toasts.good("There is a new invitation.")
    }
}

customElements.define("pt-invite", PtInvite)
