// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"

/** What a game begins with: who flies, on which map, by which figures. */
export class ExStart extends SjElement {
    /** @type {{ field: string, says: string }} */
    #fault = { field: "", says: "" }

    render() {
        return html`
            <p class="start-says">One ship, a galaxy, and not much time. Trade, mine, salvage, take what comes
                along, and get rich before fuel, hull or luck run out.</p>
            ${this.#field("pilot", "Pilot", "What you are called: up to 40 characters.",
                html`<input id="start-pilot" maxlength="40" placeholder="Pilot" autocomplete="off"
                    aria-describedby="start-pilot-says start-pilot-fault" aria-invalid=${this.#wrong("pilot")}>`)}
            ${this.#field("seed", "Seed", "The same number gives the same map. Empty: one is rolled.",
                html`<span class="seed"><input id="start-seed" type="number" min="0" max="2147483647" step="1"
                    inputmode="numeric" placeholder="by chance" aria-describedby="start-seed-says start-seed-fault"
                    aria-invalid=${this.#wrong("seed")}>
                    <button type="button" @click=${this.#roll}>Roll</button></span>`)}
            ${this.#field("ruleSet", "Rule set", "One that this server has. Empty: standard.",
                html`<input id="start-ruleSet" maxlength="32" placeholder="standard" spellcheck="false"
                    autocapitalize="off" autocomplete="off" aria-describedby="start-ruleSet-says start-ruleSet-fault"
                    aria-invalid=${this.#wrong("ruleSet")}>`)}
            <p role="alert" class="fault">${this.#fault.field === "" ? this.#fault.says : ""}</p>`
    }

    /**
     * @param {string} name
     * @param {string} title
     * @param {string} says
     * @param {unknown} input
     */
    #field(name, title, says, input) {
        return html`<div class="field"><label for="start-${name}">${title} <span class="muted">optional</span></label>
            ${input}<p id="start-${name}-says" class="hint">${says}</p>
            <p id="start-${name}-fault" role="alert" class="fault small">${this.#fault.field === name
                ? this.#fault.says : ""}</p></div>`
    }

    /** @param {string} name */
    #wrong(name) {
        return this.#fault.field === name ? "true" : nothing
    }

    /** @param {string} name */
    #input(name) {
        return /** @type {HTMLInputElement | null} */ (this.querySelector(`#start-${name}`))
    }

    #roll() {
        const input = this.#input("seed")
        if (input) input.value = String(crypto.getRandomValues(new Uint32Array(1))[0] >>> 1)
    }

    /** What is filled in; undefined, with the fault shown, if that makes no sense. */
    read() {
        const [pilot, seed, ruleSet] = ["pilot", "seed", "ruleSet"].map((name) => this.#input(name)?.value.trim() ?? "")
        const isWrong = this.#input("seed")?.validity.badInput || seed !== "" && !Number.isSafeInteger(Number(seed))
        this.showFault(isWrong ? "seed" : "", isWrong ? "A seed is a whole number, or left empty." : "")
        if (isWrong) return undefined
        return {
            ...pilot === "" ? {} : { pilot },
            ...seed === "" ? {} : { seed: Number(seed) },
            ...ruleSet === "" ? {} : { ruleSet },
        }
    }

    /**
     * Shows what the server says at the field that it names.
     * @param {string | undefined} path
     * @param {string} says
     * @returns {boolean} False if there is no such field.
     */
    showFault(path, says) {
        const input = path ? this.#input(path) : null
        this.#fault = { field: input ? path ?? "" : "", says }
        this.requestUpdate()
        input?.focus()
        return input !== null
    }
}

customElements.define("ex-start", ExStart)
