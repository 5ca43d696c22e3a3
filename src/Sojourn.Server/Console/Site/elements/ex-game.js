// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { isAbort, newKey, pathOf, send } from "../lib/api.js"
import { sendTo } from "../lib/commands.js"
import { newest, readGame } from "../lib/explorer.js"
import { linkTo } from "../lib/router.js"
import { toasts } from "../lib/toasts.js"
import { panels } from "./ex-deck.js"
import { end } from "./ex-end.js"
import { encounter, fight } from "./ex-fight.js"
import { open } from "./sj-dialog.js"
import { SjElement } from "./sj-element.js"
import { addKeys } from "./sj-keys.js"
import "./ex-gauges.js"
import "./ex-log.js"
import "./ex-map.js"
import "./ex-saves.js"
import "./ex-ship.js"

/** @typedef {import("../lib/explorer.js").GameAction} GameAction */
/** @typedef {import("../lib/explorer.js").Shown} Shown */

/** @type {[string, string][]} */
const keys = [
    ["1 … 9, 0", "What is listed, in the game"],
    ...panels.map(({ key, title }) => /** @type {[string, string]} */ ([key, `${title}, in the game`])),
    ["m", "The whole map, and back"],
    ["Arrows", "From place to place on the map; Enter flies there"],
    ["s, l", "To save and to load"],
]

/** What does something in the game when it is used. */
const used = ".act, .meals button, ex-market button, ex-map [data-id]"

/** A game of Cosmic Explorer. What can be done, and what it costs, the server says. */
export class ExGame extends SjElement {
    static properties = {
        of: { attribute: false }, session: { attribute: false }, events: { attribute: false },
        isGone: { attribute: false },
    }

    /** @type {Shown | undefined} */
    #shown
    /** @type {Promise<void> | undefined} */
    #reading
    #isSending = false
    /** What must be answered, by which the focus is led. */
    #pressing = ""

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

    /** @param {AbortSignal} signal */
    begin(signal) {
        // Before the page's own keys, which leave alone what somebody else has taken.
        document.addEventListener("keydown", (event) => this.#press(event), { signal, capture: true })
        this.addEventListener("act", (event) => this.#act(/** @type {CustomEvent} */ (event).detail), { signal })
        addKeys(keys, signal)
    }

    willUpdate() {
        const { session } = this
        const shown = this.#shown
        // What this page has done it has read already; the watch hears of it a little later.
        const isNews = session && (!shown || session.createdAt !== shown.createdAt || session.version > shown.version)
        if (isNews) this.#read()
    }

    #read() {
        this.#reading ??= this.#readOnce().finally(() => { this.#reading = undefined })
        return this.#reading
    }

    async #readOnce() {
        if (!this.of || this.isGone) return
        try {
            this.#shown = await readGame(this.of, this.stop.signal)
            this.requestUpdate()
        } catch (fault) {
            // The watch notices as well that the server is away, and comes back by itself.
            if (!isAbort(fault) && !(/** @type {{ isLost?: boolean }} */ (fault).isLost)) toasts.bad(fault)
        }
    }

    render() {
        const shown = this.#shown
        if (!shown) return html`<div class="game-skeleton" aria-busy="true"><span class="skeleton"></span></div>`
        const { options, map, status } = shown
        const told = newest(this.events)
        const mustAnswer = status === "choosing" || status === "fighting"
        const hasTale = status !== "playing" && status !== "fighting"
        return html`
            <div class="game" data-status=${status} aria-busy=${this.#isSending}>
                <section class="card game-head" aria-label="Ship and pilot">
                    <ex-gauges .shown=${shown}></ex-gauges></section>
                <section class="card map" aria-label="Map">
                    <ex-map .map=${map} .options=${options}></ex-map></section>
                <section class="card deck" tabindex="-1" role=${mustAnswer ? "dialog" : "region"}
                    aria-labelledby="deck-title" aria-describedby=${hasTale ? "game-tale" : nothing}>
                    <h2 id="deck-title">${title(shown)}</h2>
                    <p class="told" role="status" data-tone=${told.tone}>${told.text}</p>
                    ${this.#deck(shown)}
                </section>
                <section class="card ship" aria-label="Ship"><ex-ship .options=${options}></ex-ship></section>
                <section class="card log-card" aria-label="Log"><ex-log .events=${this.events}></ex-log></section>
                <section class="card saves" aria-label="Saved games">
                    <ex-saves .of=${this.of} .version=${shown.version} .isGone=${this.isGone}></ex-saves></section>
            </div>`
    }

    /** @param {Shown} shown */
    #deck(shown) {
        switch (shown.status) {
            case "choosing":
                return encounter(shown)
            case "fighting":
                return fight(shown)
            case "won":
            case "lost":
                return end(shown, () => this.#again(shown))
            default:
                return html`<ex-deck .options=${shown.options}></ex-deck>`
        }
    }

    updated() {
        const shown = this.#shown
        if (!shown) return
        const { status, game, options } = shown
        const pressing = status === "playing" ? "" : [status, game.encounter?.id, options.fight?.enemy].join()
        const isFirst = !this.hasAttribute("data-ready")
        this.setAttribute("data-ready", "")
        const isOther = pressing !== this.#pressing
        this.#pressing = pressing
        const isTyping = document.activeElement?.matches("input, textarea, select, dialog *") ?? false
        if (isTyping || !isOther || isFirst && pressing === "") return
        this.#focusDeck(isFirst)
    }

    /** @param {boolean} isQuiet True if the page is not to scroll there. */
    #focusDeck(isQuiet) {
        const deck = /** @type {HTMLElement | null} */ (this.querySelector(".deck"))
        deck?.focus({ preventScroll: isQuiet })
    }

    /** @param {{ action: GameAction, parameters: Record<string, string | number> }} what */
    async #act({ action, parameters }) {
        if (this.isGone) toasts.bad("This game is gone: nothing can be done in it any more.")
        if (this.#isSending || !this.of || this.isGone) return
        const hadFocus = this.contains(document.activeElement)
        this.#isSending = true
        const version = this.#shown?.version
        const isSure = !action.warning || await ask(action)
        if (isSure) {
            this.requestUpdate()
            await sendTo(this.of, action.command, parameters, version)
            // What was being read may have been asked for before, or may be what came of it.
            await this.#reading
            if (this.#shown?.version === version) await this.#read()
        }
        this.#isSending = false
        this.requestUpdate()
        // What was pressed may be gone, once all has been painted.
        await new Promise((resolve) => requestAnimationFrame(resolve))
        if (hadFocus && document.activeElement === document.body) this.#focusDeck(true)
    }

    /** Begins a game on the same map. @param {Shown} shown */
    async #again({ game: { pilot, mapSeed, rules } }) {
        if (this.#isSending) return
        this.#isSending = true
        try {
            const response = await send("POST", pathOf(["v1", "explorer"], { owner: this.of?.owner }),
                { body: { pilot, seed: mapSeed, ruleSet: rules.name }, key: newKey(), signal: this.stop.signal })
            location.hash = linkTo(await response.json())
        } catch (fault) {
            toasts.bad(fault)
        }
        this.#isSending = false
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        const target = /** @type {HTMLElement} */ (event.target)
        const isTyping = target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null
        const isChord = event.ctrlKey || event.metaKey || event.altKey
        if (isTyping || isChord || document.querySelector("dialog[open]") || this.isGone) return
        const does = this.#keyed(event.key)
        const isUse = event.key === "Enter" || event.key === " "
        if (!does && !(isUse && target.closest(used))) return
        // A key that is held down is pressed once: what comes next was not seen yet.
        if (does || event.repeat) event.preventDefault()
        if (!event.repeat) does?.()
    }

    /** @param {string} key @returns {(() => void) | undefined} */
    #keyed(key) {
        const find = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (this.querySelector(what))
        if (/^\d$/.test(key)) {
            const row = find(`[data-digit="${key}"]`)
            return row ? () => row.click() : undefined
        }
        const panel = panels.find((each) => each.key === key)
        const deck = /** @type {import("./ex-deck.js").ExDeck | null} */ (find("ex-deck"))
        if (panel) return deck ? () => { deck.show(panel.id) } : undefined
        const map = /** @type {import("./ex-map.js").ExMap | null} */ (find("ex-map"))
        if (key === "m") return () => map?.turn()
        const to = { s: "[data-save]", l: "[data-load]" }[key]
        return to ? () => find(to)?.focus() : undefined
    }
}

/** @param {Shown} shown */
function title({ status, game, options }) {
    switch (status) {
        case "choosing":
            return game.encounter?.title ?? ""
        case "fighting":
            return `${options.fight?.name ?? ""} attacks`
        case "won":
            return "You have won"
        case "lost":
            return "The game is lost"
        default:
            return options.place.name
    }
}

/**
 * Asks before what the player might regret.
 * @param {GameAction} action
 */
const ask = async ({ title: does, warning }) => await open((close) => html`
    <h2 id="dialog-title">${does}?</h2><p>${warning}</p>
    <div class="actions"><button @click=${() => close("no")} autofocus>No</button>
        <button class="primary" @click=${() => close("yes")}>${does}</button></div>`) === "yes"

customElements.define("ex-game", ExGame)
