// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { act, capital, dangerOf, percent, words } from "../lib/explorer.js"
import { placeGlyph, ring, small } from "../lib/explorer-glyphs.js"
import { actionList, Digits } from "./ex-action.js"
import { SjElement } from "./sj-element.js"
import "./ex-market.js"

/** @typedef {import("../lib/explorer.js").GameOptions} GameOptions */
/** @typedef {"here" | "market" | "yard" | "hold"} Panel */

/** @type {{ id: Panel, title: string, key: string }[]} */
export const panels = [
    { id: "here", title: "Here", key: "h" },
    { id: "market", title: "Trade", key: "t" },
    { id: "yard", title: "Yard", key: "y" },
    { id: "hold", title: "On board", key: "b" },
]

const slotTypes = /** @type {const} */ (["high", "mid", "low", "rig"])

/** What can be done while nothing presses. */
export class ExDeck extends SjElement {
    static properties = { options: { attribute: false } }

    /** @type {Panel} */
    #panel = "here"
    /** What has the focus, by its key. @type {string | undefined} */
    #held

    constructor() {
        super()
        /** @type {GameOptions | undefined} */
        this.options = undefined
    }

    /** @param {Panel} panel */
    async show(panel) {
        this.#panel = panel
        this.requestUpdate()
        await this.updateComplete
        const tab = /** @type {HTMLElement | null} */ (this.querySelector("[role=tab][aria-selected=true]"))
        tab?.focus({ preventScroll: true })
    }

    willUpdate() {
        const active = document.activeElement
        const row = /** @type {HTMLElement | null | undefined} */ (this.contains(active)
            ? active?.closest("[data-key]") : undefined)
        this.#held = row?.dataset.key
    }

    updated() {
        if (this.#held === undefined || this.contains(document.activeElement)) return
        // It stands elsewhere now, or nowhere; to be moved takes the focus away.
        const row = /** @type {HTMLElement | null} */ (this.querySelector(`[data-key="${CSS.escape(this.#held)}"]`))
        const next = row ?? /** @type {HTMLElement | null} */ (this.closest("[tabindex]"))
        next?.focus({ preventScroll: true })
    }

    render() {
        const { options } = this
        if (!options) return nothing
        return html`
            <div class="tabs" role="tablist" aria-label="What to do" @keydown=${this.#press}>
                ${panels.map(({ id, title, key }) => html`<button role="tab" id="tab-${id}" aria-controls="game-panel"
                    aria-selected=${id === this.#panel} tabindex=${id === this.#panel ? 0 : -1} aria-keyshortcuts=${key}
                    title="${title} (${key})" @click=${() => this.show(id)}>
                    ${title}${this.#mark(id, options)}</button>`)}
            </div>
            <div class="panel" role="tabpanel" id="game-panel" aria-labelledby="tab-${this.#panel}">
                ${this.#content(options)}
            </div>`
    }

    /**
     * Whether there is anything to be had.
     * @param {Panel} panel
     * @param {GameOptions} options
     */
    #mark(panel, { place }) {
        const has = panel === "market" && place.market !== undefined || panel === "yard" && place.hasRepair
        return has ? html`<span class="has" role="img" aria-label="open"></span>` : nothing
    }

    /** @param {GameOptions} options */
    #content(options) {
        switch (this.#panel) {
            case "market":
                return html`<ex-market .options=${options}></ex-market>`
            case "yard":
                return yard(options)
            case "hold":
                return hold(options)
            default:
                return here(options)
        }
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (!step) return
        event.preventDefault()
        const at = panels.findIndex(({ id }) => id === this.#panel)
        this.show(panels[(at + step + panels.length) % panels.length].id)
    }
}

/**
 * @param {GameOptions} options
 * @param {string} group
 */
const of = ({ actions }, group) => actions.filter((action) => action.group === group)

/** @param {GameOptions} options */
function here(options) {
    const digits = new Digits()
    const { place, quest } = options
    return html`
        <p class="place-says">${small(placeGlyph(place.type), "place")}
            <span>${capital(words(place.type))}</span>
            <span class="danger-says">${small(ring(dangerOf(place.danger), 9))}danger ${percent(place.danger)}</span>
            ${place.hasRepair ? html`<span>yard</span>` : nothing}
            ${place.market ? html`<span>${place.market.toLowerCase()}</span>` : nothing}</p>
        ${quest ? html`<p class="quest"><strong>${quest.name}</strong>: to ${quest.targetName}, by turn
            ${quest.dueTurn}</p>` : nothing}
        ${actionList(of(options, "here"), digits)}
        <h3>Fly on</h3>
        ${actionList(of(options, "travel"), digits)}`
}

/** @param {GameOptions} options */
function yard(options) {
    const digits = new Digits()
    const [mods, ships, pod] = ["mods", "ships", "pod"].map((group) => of(options, group))
    const ofSlot = (/** @type {string} */ slot) => mods.filter(({ command, detail }) =>
        command === "buy-mod" && detail?.startsWith(`${slot} slot`))
    return html`
        ${options.place.hasRepair ? nothing : html`<p class="muted">There is no yard here. The map marks them.</p>`}
        ${mods.some(({ command }) => command === "remove-mod") ? html`<h3>Fitted</h3>
            ${actionList(mods.filter(({ command }) => command === "remove-mod"), digits)}` : nothing}
        ${slotTypes.map((slot) => ofSlot(slot).length === 0 ? nothing : html`<h3>${capital(slot)} slots
            <span class="muted">${freeOf(options, slot)} free</span></h3>${actionList(ofSlot(slot), digits)}`)}
        ${ships.length === 0 ? nothing : html`<h3>Ships</h3>${actionList(ships, digits)}`}
        ${pod.length === 0 ? nothing : html`<h3>Escape pod</h3>${actionList(pod, digits)}`}`
}

/**
 * @param {GameOptions} options
 * @param {string} slot
 */
function freeOf({ slots }, slot) {
    const found = slots.find(({ type }) => type === slot)
    return found ? Math.max(0, found.slots - found.fitted.length) : 0
}

/** @param {GameOptions} options */
function hold(options) {
    const digits = new Digits()
    const board = of(options, "onBoard")
    const meals = board.filter(({ command }) => command === "eat")
    const rest = board.filter(({ command }) => command !== "eat")
    return html`
        <h3>Hold <span class="muted">${options.stats.cargoUsed} of ${options.stats.cargoCapacity}</span></h3>
        ${options.cargo.length === 0 ? html`<p class="muted">empty</p>` : html`<ul class="stacks">${options.cargo.map(
            ({ name, quantity, weight, price }) => html`<li><span>${name}</span><span>${quantity}</span>
                <span class="muted">weighs ${weight}${price === undefined ? "" : `, ${price} each here`}</span>
                </li>`)}</ul>`}
        ${rest.length === 0 ? nothing : actionList(rest, digits)}
        <h3>Eat</h3>
        ${meals.some(({ available }) => available) ? html`<div class="meals">${meals.map((action) => html`<button
            data-command="eat" aria-disabled=${action.available ? nothing : "true"}
            title=${action.why ?? action.detail ?? ""}
            @click=${(/** @type {Event} */ event) => action.available
                && act(/** @type {EventTarget} */ (event.currentTarget), action)}>${action.title}
            ${action.detail ? html`<span class="muted">+${action.detail}</span>` : nothing}</button>`)}</div>`
            : html`<p class="muted">${meals[0]?.why ?? "nothing to eat"}</p>`}`
}

customElements.define("ex-deck", ExDeck)
