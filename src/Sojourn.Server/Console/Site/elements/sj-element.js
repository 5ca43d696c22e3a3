// @ts-check
import { LitElement } from "../vendor/lit.js"

/** What all elements share: no shadow, so that one stylesheet and the page's ids reach into them. */
export class SjElement extends LitElement {
    /** Stops what the element has begun, when it leaves the page. */
    stop = new AbortController()

    createRenderRoot() {
        return this
    }

    connectedCallback() {
        super.connectedCallback()
        if (this.stop.signal.aborted) this.stop = new AbortController()
        this.begin(this.stop.signal)
    }

    disconnectedCallback() {
        super.disconnectedCallback()
        this.stop.abort()
    }

    /**
     * Begins what goes on while the element is on the page.
     * @param {AbortSignal} signal
     */
    begin(signal) {
        void signal
    }

    /**
     * Shows anew whenever something says so.
     * @param {EventTarget} source
     * @param {AbortSignal} signal
     */
    watch(source, signal) {
        source.addEventListener("change", () => this.requestUpdate(), { signal })
    }
}
