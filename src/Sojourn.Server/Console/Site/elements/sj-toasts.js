// @ts-check
import { html, repeat } from "../vendor/lit.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"

/** Notes at the edge of the page, read out as they come. */
export class SjToasts extends SjElement {
    /** @param {AbortSignal} signal */
    begin(signal) {
        this.watch(toasts, signal)
    }

    render() {
        const shown = (/** @type {"good" | "bad"} */ tone) => repeat(
            toasts.all.filter((toast) => toast.tone === tone), (toast) => toast.id, (toast) => html`
                <div class="toast" data-tone=${tone}>
                    <p>${toast.text}</p>
                    <button class="ghost icon" aria-label="Dismiss" @click=${() => toasts.dismiss(toast.id)}>×</button>
                </div>`)
        return html`
            <div role="alert" class="toasts">${shown("bad")}</div>
            <div role="status" class="toasts">${shown("good")}</div>`
    }
}

customElements.define("sj-toasts", SjToasts)
