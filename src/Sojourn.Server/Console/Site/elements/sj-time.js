// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { exact, relative, ticker } from "../lib/times.js"
import { SjElement } from "./sj-element.js"

/** A time as people say it, told anew each second; the exact one in its title. */
export class SjTime extends SjElement {
    static properties = { at: {} }

    #told = ""

    constructor() {
        super()
        /** @type {string | undefined} */
        this.at = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const tell = () => {
            if (this.at && relative(this.at) !== this.#told) this.requestUpdate()
        }
        ticker.add(tell, signal)
    }

    render() {
        if (!this.at) return nothing
        this.#told = relative(this.at)
        return html`<time datetime=${this.at} title=${exact(this.at)}>${this.#told}</time>`
    }
}

customElements.define("sj-time", SjTime)
