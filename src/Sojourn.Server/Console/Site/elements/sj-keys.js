// @ts-check
import { html } from "../vendor/lit.js"
import { open } from "./sj-dialog.js"

const keys = [
    ["/", "To the search"],
    ["n", "A new session"],
    ["o", "To the overview"],
    ["?", "These keys"],
    ["Tab", "From one thing to the next; Space and Enter use it"],
    ["Esc", "Closes a dialog"],
]

/** What the page that is shown has besides. @type {Set<[string, string][]>} */
const further = new Set()

/**
 * Tells of the keys of a page, for as long as it is shown.
 * @param {[string, string][]} told Each key, and what it does.
 * @param {AbortSignal} signal
 */
export function addKeys(told, signal) {
    further.add(told)
    signal.addEventListener("abort", () => further.delete(told), { once: true })
}

/** Shows what the keys do. */
export const showKeys = () => open((close) => html`
    <h2 id="dialog-title">Keys</h2>
    <dl class="keys">${keys.concat(...further).map(([key, says]) => html`
        <dt><kbd>${key}</kbd></dt><dd>${says}</dd>`)}</dl>
    <div class="actions"><button autofocus @click=${() => close()}>Close</button></div>`)
