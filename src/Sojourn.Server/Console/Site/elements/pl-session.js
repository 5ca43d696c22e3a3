// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"
import "./pl-head.js"
import "./pl-recovery.js"
import "./pl-slots.js"
import "./pl-timeline.js"

/** @typedef {import("../lib/play.js").Play} Play */

/** A play session's page: who plays, what waits for an answer, the saves, and what happened. */
export class PlSession extends SjElement {
    static properties = {
        of: { attribute: false }, session: { attribute: false }, events: { attribute: false },
        isGone: { attribute: false },
    }

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
        const play = /** @type {Play | undefined} */ (this.session?.state)
        if (!play) return nothing
        const owner = this.session?.owner
        return html`
            <pl-head .of=${this.of} .play=${play} .isGone=${this.isGone}></pl-head>
            ${play.offer ? html`<pl-recovery .of=${this.of} .play=${play} .isGone=${this.isGone}></pl-recovery>`
                : nothing}
            <div class="play-grid">
                <pl-slots .of=${this.of} .play=${play} .owner=${owner} .version=${this.session?.version ?? 0}>
                </pl-slots>
                <pl-timeline .of=${this.of} .events=${this.events}></pl-timeline>
            </div>`
    }
}

customElements.define("pl-session", PlSession)
