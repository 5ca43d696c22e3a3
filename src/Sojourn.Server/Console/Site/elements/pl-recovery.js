// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { newKey, Problem, send } from "../lib/api.js"
import { plural } from "../lib/numbers.js"
import { backupName, lasting, loss, slotName, words } from "../lib/play.js"
import { toasts } from "../lib/toasts.js"
import { confirm } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import "./sj-time.js"

/** @typedef {import("../lib/play.js").Play} Play */
/** @typedef {import("../lib/play.js").Backup} Backup */
/** @typedef {import("../lib/play.js").BackupName} BackupName */

const validities = { good: "good", damaged: "damaged", unknown: "not looked at yet" }

/** A play was cut off: what happened, what it can be brought back from, and what to do. */
export class PlRecovery extends SjElement {
    static properties = { of: { attribute: false }, play: { attribute: false }, isGone: { attribute: false } }

    /** What somebody chose; the recommended one until then. @type {string | undefined} */
    #chosen
    #noFallback = false
    #isBusy = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Play | undefined} */
        this.play = undefined
        this.isGone = false
    }

    get #isOff() {
        return this.isGone || this.#isBusy
    }

    render() {
        const offer = this.play?.offer
        if (!this.play || !offer) return nothing
        const { status, recovery } = this.play
        const chosen = this.#chosenOf()
        return html`<section class="card recovery" data-status=${status} aria-labelledby="recovery-title">
            <h2 id="recovery-title">${status === "recovering" ? "The game is being brought back"
                : status === "archived" ? "This play was cut off, and nobody answered" : "This play was cut off"}</h2>
            <p>${offer.what}</p>
            <dl class="facts">
                ${fact("Noticed", html`<sj-time at=${offer.noticedAt}></sj-time>`)}
                ${fact("Last activity", html`<sj-time at=${offer.lastActivityAt}></sj-time>`)}
                ${fact("Last checkpoint", offer.lastCheckpointAt
                    ? html`<sj-time at=${offer.lastCheckpointAt}></sj-time>` : "none")}
                ${fact("The player was at", words(offer.gameState))}
                ${fact("Can go on at", words(offer.resumeAt))}
                ${status === "interrupted" ? fact("Archived", html`<sj-time at=${offer.archivedAt}></sj-time>`)
                    : nothing}
            </dl>
            ${offer.lastFailure ? html`<p class="notice small" data-tone="bad">The last attempt came to nothing:
                ${offer.lastFailure}</p>` : nothing}
            ${status === "recovering" && recovery ? html`<p class="notice" role="status">${backupName(recovery.backup)}
                is being loaded by the game, since <sj-time at=${recovery.since}></sj-time>. The offer stays until that
                has succeeded.</p>` : this.#choices(offer, chosen)}
        </section>`
    }

    /**
     * @param {import("../lib/play.js").Offer} offer
     * @param {Backup | undefined} chosen
     */
    #choices(offer, chosen) {
        const isRecommended = chosen && offer.recommended && keyOf(chosen.name) === keyOf(offer.recommended)
        return html`
            ${offer.backups.length === 0 ? html`<p class="muted">There is no save to bring it back from.</p>`
                : html`<fieldset class="backups"><legend>Saves that it can be brought back from</legend>
                    <ul>${repeat(offer.backups, ({ name }) => keyOf(name), (backup) => this.#backup(backup, chosen))}
                    </ul></fieldset>`}
            ${chosen ? html`<label class="check"><input type="checkbox" .checked=${this.#noFallback}
                ?disabled=${this.#isOff} @change=${this.#turnFallback}><span>Try no other save if this one cannot be
                loaded</span></label>` : nothing}
            <div class="actions">
                ${chosen ? html`<button class="primary" ?disabled=${this.#isOff} @click=${this.#accept}>
                    ${isRecommended ? "Recover from the recommended save" : `Recover from ${slotName(chosen.name.slot)
                        .toLowerCase()}, generation ${chosen.name.generation}`}</button>` : nothing}
                ${this.play?.status === "archived" ? nothing : html`
                    <button ?disabled=${this.#isOff} @click=${this.#later}>Decide later</button>
                    <button class="ghost" ?disabled=${this.#isOff} @click=${this.#decline}>Do not recover</button>`}
                ${offer.deferred > 0 ? html`<span class="muted small">Put off
                    ${plural(offer.deferred, "time")}.</span>` : nothing}
            </div>`
    }

    /**
     * @param {Backup} backup
     * @param {Backup | undefined} chosen
     */
    #backup(backup, chosen) {
        const key = keyOf(backup.name)
        const offer = this.play?.offer
        const isRecommended = offer?.recommended && keyOf(offer.recommended) === key
        return html`<li data-validity=${backup.validity}><label>
            <input type="radio" name="backup" value=${key} ?disabled=${this.#isOff || backup.validity === "damaged"}
                .checked=${chosen !== undefined && keyOf(chosen.name) === key} @change=${() => this.#choose(key)}>
            <span class="backup-says">
                <span class="backup-name"><strong>${backupName(backup.name)}</strong>
                    ${isRecommended ? html`<span class="tag recommended">recommended</span>` : nothing}
                    <span class="tag" data-validity=${backup.validity}>${validities[backup.validity]}</span></span>
                <span class="small">${backup.type}, saved <sj-time at=${backup.savedAt}></sj-time>,
                    ${lasting(backup.ageSeconds)} before it was noticed${backup.validity === "damaged" ? nothing
                        : `; ${loss(backup.lostSeconds)}`}</span>
                ${backup.description ? html`<span class="small muted">${backup.description}</span>` : nothing}
                ${backup.attempts > 0 ? html`<span class="small warn">${plural(backup.attempts, "attempt")} from it
                    came to nothing</span>` : nothing}
                ${backup.reason ? html`<span class="small bad">${backup.reason}</span>` : nothing}
            </span></label></li>`
    }

    /** @returns {Backup | undefined} */
    #chosenOf() {
        const offer = this.play?.offer
        const can = offer?.backups.filter(({ validity }) => validity !== "damaged") ?? []
        const recommended = offer?.recommended ? keyOf(offer.recommended) : ""
        return can.find(({ name }) => keyOf(name) === this.#chosen)
            ?? can.find(({ name }) => keyOf(name) === recommended) ?? can[0]
    }

    /** @param {string} key */
    #choose(key) {
        this.#chosen = key
        this.requestUpdate()
    }

    /** @param {Event} event */
    #turnFallback(event) {
        this.#noFallback = /** @type {HTMLInputElement} */ (event.target).checked
    }

    #accept() {
        const chosen = this.#chosenOf()
        if (!chosen) return
        const { slot, generation } = chosen.name
        const fromArchive = this.play?.status === "archived"
        return this.#do("accept-recovery", { slot, generation, noFallback: this.#noFallback, fromArchive },
            "The game is told to load it.", true)
    }

    #later() {
        return this.#do("decide-later", {}, "It waits.")
    }

    async #decline() {
        const isSure = await confirm({
            title: "Leave this play as it is?",
            says: "It ends where it was cut off. No save is removed by that.",
            action: "Do not recover",
        })
        if (isSure) await this.#do("decline-recovery", {}, "The play is over; its saves stay.")
    }

    /**
     * @param {string} command
     * @param {object} body
     * @param {string} says
     * @param {boolean} [mayTakeOver] Whether another play of the pilot's may be ended for it, if that is wanted.
     * @returns {Promise<void>}
     */
    async #do(command, body, says, mayTakeOver = false) {
        if (!this.of || this.#isOff) return
        this.#isBusy = true
        this.requestUpdate()
        try {
            await send("POST", this.of.path([command]), { body, key: newKey(), signal: this.stop.signal })
            toasts.good(says)
            this.of.refresh()
        } catch (fault) {
            this.#isBusy = false
            const isTaken = mayTakeOver && fault instanceof Problem && fault.code === "already-playing"
            if (!isTaken) toasts.bad(fault)
            else if (await confirm({
                title: "End the other play?",
                says: `${this.play?.pilot} plays in ${/'.+'/u.exec(fault.message)?.[0]} by now. That play ends.`,
                action: "End and recover",
            })) return this.#do(command, { ...body, takeOver: true }, says)
        }
        this.#isBusy = false
        this.requestUpdate()
    }
}

/** @param {BackupName} name */
const keyOf = (name) => `${name.slot}.${name.generation}`

/**
 * @param {string} name
 * @param {unknown} value
 */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

customElements.define("pl-recovery", PlRecovery)
