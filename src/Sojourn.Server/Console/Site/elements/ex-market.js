// @ts-check
import { html, live, nothing, repeat } from "../vendor/lit.js"
import { act, capital } from "../lib/explorer.js"
import { count } from "../lib/numbers.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/explorer.js").GameAction} GameAction */
/** @typedef {import("../lib/explorer.js").GameOptions} GameOptions */

/** Buying and selling, as many as one likes. */
export class ExMarket extends SjElement {
    static properties = { options: { attribute: false } }

    /** How many, by command and item, where somebody has said so. @type {Map<string, number>} */
    #wanted = new Map()

    constructor() {
        super()
        /** @type {GameOptions | undefined} */
        this.options = undefined
    }

    render() {
        if (!this.options) return nothing
        const { actions, cargo, place, goal, stats } = this.options
        const buying = actions.filter(({ group }) => group === "buy")
        const selling = actions.filter(({ group }) => group === "sell")
        const ofItem = (/** @type {string} */ item) => selling.filter(({ parameters }) => parameters.item === item)
        const sold = cargo.filter(({ item }) => ofItem(item).length > 0)
        return html`
            <p class="muted small">${place.market
                ?? (place.hasRepair ? "The yard buys, and sells no goods" : "No market here")} ·
                ${count(goal.wealth)} credits · hold ${stats.cargoUsed} of ${stats.cargoCapacity}</p>
            <h3>Sell</h3>
            ${sold.length === 0 ? html`<p class="muted">Nothing in the hold to sell.</p>`
                : html`<ul class="wares">${repeat(sold, ({ item }) => `sell-${item}`,
                    ({ item, name, quantity, price }) => this.#row(ofItem(item), {
                        name, says: `you have ${quantity}`, price, most: quantity }))}</ul>`}
            <h3>Buy</h3>
            ${buying.length === 0 ? html`<p class="muted">Nothing is sold here. The map marks markets.</p>`
                : html`<ul class="wares">${repeat(buying, ({ parameters }) => `buy-${parameters.item}`, (action) =>
                    this.#row([action], { name: capital(action.title.replace(/^Buy 1 /, "")), says: action.detail ?? "",
                        price: action.credits }))}</ul>`}`
    }

    /**
     * @param {GameAction[]} actions The same for one or more quantities.
     * @param {{ name: string, says: string, price: number | undefined, most?: number }} what
     */
    #row(actions, { name, says, price, most }) {
        const [first] = actions
        const id = `${first.command}-${first.parameters.item}`
        const wanted = Math.min(this.#wanted.get(id) ?? 1, most ?? Infinity)
        const known = actions.find(({ parameters }) => parameters.quantity === wanted)
        const credits = known?.credits ?? (first.credits ?? 0) * wanted
        const verb = first.command === "buy-item" ? "Buy" : "Sell"
        const go = () => {
            if (!first.available) return
            act(this, known ?? first, { ...first.parameters, quantity: wanted })
            this.#wanted.delete(id)
        }
        return html`<li class="ware">
            <span class="ware-name">${name}</span>
            <span class="muted small">${says}${says && price !== undefined ? " · " : ""}${price === undefined ? ""
                : `${count(price)} each`}</span>
            <span class="ware-how">
                <input type="number" min="1" max=${most ?? nothing} inputmode="numeric" .value=${live(String(wanted))}
                    aria-label="How many ${name} to ${verb.toLowerCase()}" ?disabled=${!first.available}
                    @input=${(/** @type {Event} */ event) => this.#want(id, event)}>
                ${most !== undefined && most > 1 ? html`<button class="plain small" ?disabled=${!first.available}
                    @click=${() => this.#set(id, most)} aria-label="All ${name}">all</button>` : nothing}
                <button class=${verb === "Sell" ? "sell" : "buy"} aria-disabled=${first.available ? nothing : "true"}
                    data-command=${first.command} @click=${go}>${verb} <span class="hidden">${wanted} ${name}</span>
                    <span class="price">${known ? "" : "~"}${count(Math.abs(credits))}</span></button>
            </span>
            ${first.why ? html`<span class="why small">${first.why}</span>` : nothing}
        </li>`
    }

    /**
     * @param {string} id
     * @param {Event} event
     */
    #want(id, event) {
        const wanted = Math.floor(Number(/** @type {HTMLInputElement} */ (event.target).value))
        if (wanted >= 1) this.#set(id, wanted)
    }

    /**
     * @param {string} id
     * @param {number} quantity
     */
    #set(id, quantity) {
        this.#wanted.set(id, quantity)
        this.requestUpdate()
    }
}

customElements.define("ex-market", ExMarket)
