// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { sentence } from "../lib/api.js"
import { login } from "../lib/me.js"
import { SjElement } from "./sj-element.js"

/** Asks for a key, and says where one or a link is to be had. */
export class SjLogin extends SjElement {
    #fault = ""
    #isBusy = false

    connectedCallback() {
        super.connectedCallback()
        document.title = "Log in – Sojourn"
    }

    render() {
        const fault = this.#fault || login.why
        return html`<section class="login card">
            <h1 tabindex="-1">Log in</h1>
            <p>Open the link that <code>sojourn console</code> or <code>sojourn serve</code> prints. It works once, and
                logs this browser in. Or paste a key here:</p>
            <form @submit=${this.#submit}>
                <label for="key">Key</label>
                <input id="key" name="key" type="password" autocomplete="off" required spellcheck="false"
                    aria-describedby="key-says" aria-invalid=${this.#fault ? "true" : nothing}>
                <p id="key-says" class="hint">The first key of a server is in the file <code>key</code> of its data
                    directory.</p>
                <p role="alert" class="fault">${fault}</p>
                <button class="primary" ?disabled=${this.#isBusy}>Log in</button>
            </form>
        </section>`
    }

    /** @param {SubmitEvent} event */
    async #submit(event) {
        event.preventDefault()
        const input = /** @type {HTMLInputElement} */ (this.querySelector("#key"))
        this.#isBusy = true
        this.requestUpdate()
        try {
            await login.logIn({ key: input.value.trim() })
        } catch (fault) {
            this.#fault = sentence(fault)
            input.focus()
        }
        this.#isBusy = false
        this.requestUpdate()
    }
}

customElements.define("sj-login", SjLogin)
