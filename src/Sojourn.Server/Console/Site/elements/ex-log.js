// @ts-check
import { html, repeat } from "../vendor/lit.js"
import { textOf, toneOf } from "../lib/explorer.js"
import { exact } from "../lib/times.js"
import { SjElement } from "./sj-element.js"

const most = 60

const marks = { info: "·", success: "✓", warning: "?", danger: "!" }

/** What has happened, newest first, as the events tell it. */
export class ExLog extends SjElement {
    static properties = { events: { attribute: false } }

    constructor() {
        super()
        /** @type {import("../lib/types.js").SessionEvent[]} */
        this.events = []
    }

    render() {
        const told = this.events.filter((event) => textOf(event) !== "").slice(-most).toReversed()
        return html`<h2>Log</h2>
            <ol class="game-log" tabindex="0" aria-label="What has happened, newest first">
                ${repeat(told, ({ offset }) => offset, (event) => html`<li data-tone=${toneOf(event)}
                    ?data-new=${event.version === told[0].version} title=${exact(event.at)}>
                    <span aria-hidden="true">${marks[toneOf(event)]}</span>${textOf(event)}</li>`)}
            </ol>`
    }
}

customElements.define("ex-log", ExLog)
