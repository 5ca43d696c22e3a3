// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { memberOf, pairsOf } from "../lib/party.js"
import { SjElement } from "./sj-element.js"
import "./pt-graph.js"
import "./pt-head.js"
import "./pt-invite.js"
import "./pt-log.js"
import "./pt-members.js"
import "./pt-pairs.js"

/** @typedef {import("../lib/party.js").Party} Party */

/** A party's page: who is there, how they reach each other, the invitation, and what happened. */
export class PtSession extends SjElement {
    static properties = {
        of: { attribute: false }, session: { attribute: false }, events: { attribute: false },
        isGone: { attribute: false },
    }

    /** The id of the member whose ways alone are shown. */
    #chosen = ""
    /** Of many members there are very many pairs: they are found once a version. */
    #pairs = { version: -1, all: /** @type {import("../lib/party.js").Pair[]} */ ([]) }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/types.js").Session | undefined} */
        this.session = undefined
        /** @type {import("../lib/types.js").SessionEvent[]} */
        this.events = []
        this.isGone = false
    }

    render() {
        const party = /** @type {Party | undefined} */ (this.session?.state)
        if (!party) return nothing
        const isOver = party.endedAt !== undefined
        return html`
            <pt-head .of=${this.of} .party=${party} .isGone=${this.isGone}></pt-head>
            ${isOver ? nothing : html`<pt-invite .of=${this.of} .party=${party} .isGone=${this.isGone}></pt-invite>`}
            ${isOver || party.members.length === 0 ? nothing : this.#members(party)}
            <pt-log .of=${this.of} .events=${this.events}></pt-log>`
    }

    /** @param {Party} party */
    #members(party) {
        const version = this.session?.version ?? 0
        if (this.#pairs.version !== version) this.#pairs = { version, all: pairsOf(party) }
        if (this.#chosen !== "" && !memberOf(party, this.#chosen)) this.#chosen = ""
        const { all } = this.#pairs
        return html`<div class="party-grid" @choose=${this.#choose}>
            <pt-graph .party=${party} .pairs=${all} .chosen=${this.#chosen}></pt-graph>
            <pt-pairs .party=${party} .pairs=${all} .chosen=${this.#chosen}></pt-pairs>
            </div>
            <pt-members .of=${this.of} .party=${party} .isGone=${this.isGone}></pt-members>`
    }

    /** @param {CustomEvent<string>} event */
    #choose(event) {
        this.#chosen = this.#chosen === event.detail ? "" : event.detail
        this.requestUpdate()
    }
}

customElements.define("pt-session", PtSession)
