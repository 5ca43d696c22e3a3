// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"
import "./sj-command.js"

/** The commands of a session's kind. */
export class SjCommands extends SjElement {
    static properties = {
        of: { attribute: false }, described: { attribute: false }, document: { attribute: false },
        isGone: { attribute: false },
    }

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/kinds.js").Kind | undefined} */
        this.described = undefined
        /** @type {import("../lib/kinds.js").Json} */
        this.document = {}
        this.isGone = false
    }

    render() {
        if (!this.described) return nothing
        const { commands } = this.described
        if (commands.length === 0) return html`<p class="muted none">This kind has no commands.</p>`
        return repeat(commands, (command) => command.name, (command) => html`<sj-command .of=${this.of}
            .command=${command} .document=${this.document} .isGone=${this.isGone}></sj-command>`)
    }
}

customElements.define("sj-commands", SjCommands)
