// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { newKey, send } from "../lib/api.js"
import { plural } from "../lib/numbers.js"
import { lasting, played, slotName, words } from "../lib/play.js"
import { ticker } from "../lib/times.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-status.js"
import "./sj-time.js"

/** @typedef {import("../lib/play.js").Play} Play */

const ends = {
    clean: "ended in good order",
    takenOver: "went on elsewhere",
    declined: "cut off, and not taken up again",
}

/** Who plays what, for how long, and how saving goes. */
export class PlHead extends SjElement {
    static properties = { of: { attribute: false }, play: { attribute: false }, isGone: { attribute: false } }

    #told = ""

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Play | undefined} */
        this.play = undefined
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        ticker.add(() => {
            if (this.play && played(this.play) !== this.#told) this.requestUpdate()
        }, signal)
    }

    render() {
        const { play } = this
        if (!play) return nothing
        this.#told = played(play)
        const isOver = play.status === "ended" || play.status === "archived"
        const saves = play.saves
        return html`<section class="card play-head" aria-label="The play">
            <div class="play-who">
                <h2>${play.pilot}</h2>
                <sj-status status=${play.status} ?busy=${play.status === "playing"} ?final=${isOver}></sj-status>
                <p class="muted">${play.pilotName ? html`${play.pilotName}, ` : nothing}plays ${play.game}${
                    play.gameVersion ? ` ${play.gameVersion}` : ""}${play.device ? ` on ${play.device}` : ""}</p>
            </div>
            <dl class="facts">
                ${fact("Game state", html`${words(play.gameState)}
                    <span class="muted small">since <sj-time at=${play.gameStateAt}></sj-time></span>`)}
                ${fact("Play time", this.#told)}
                ${fact("Last save", saves.lastAt ? html`<sj-time at=${saves.lastAt}></sj-time>
                    <span class="muted small">${slotName(saves.lastSlot ?? "")}</span>` : "none yet")}
                ${fact("Last checkpoint", play.checkpoint ? html`<sj-time at=${play.checkpoint.at}></sj-time>
                    <span class="muted small">${words(play.checkpoint.why)}</span>` : "none yet")}
                ${fact("Automatic save", play.autoSave ? `each ${lasting(play.autoSaveSeconds)}` : "off")}
                ${fact("Last sign of life", html`<sj-time at=${play.lastActivityAt}></sj-time>`)}
                ${play.end ? fact("End", ends[play.end]) : nothing}
                ${play.recoveries > 0 ? fact("Recovered", plural(play.recoveries, "time")) : nothing}
            </dl>
            ${saves.failed > 0 ? html`<p class="notice small" data-tone="bad">${plural(saves.failed, "save")} failed.
                The last said: ${saves.lastError}</p>` : nothing}
            ${play.status === "playing" ? html`<div class="actions"><button ?disabled=${this.isGone}
                @click=${this.#end}>End this play</button></div>` : nothing}
        </section>`
    }

    async #end() {
        const { play } = this
        const isSure = play && await confirm({
            title: `End the play of ${play.pilot}?`,
            says: "What was not saved is not saved by this. No recovery is offered for a play that was ended.",
            action: "End",
        })
        if (!isSure || !this.of) return
        try {
            await send("POST", this.of.path(["end"]), { body: { reason: "ended at the console" }, key: newKey() })
            this.of.refresh()
        } catch (fault) {
            toasts.bad(fault)
        }
    }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

customElements.define("pl-head", PlHead)
