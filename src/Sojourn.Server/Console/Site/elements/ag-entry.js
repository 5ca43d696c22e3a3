// @ts-check
// One thing of what was said and done. Whatever an agent writes is text here, never markup.

import { guard, html, nothing } from "../vendor/lit.js"
import { blocksOf, piecesOf } from "../lib/agent-text.js"
import { plural } from "../lib/numbers.js"
import { exact, ofDay } from "../lib/times.js"

/** @typedef {import("../lib/agent-log.js").Entry} Entry */

/** The same entry is not drawn again: one that changes is another. @param {Entry} entry */
export const entryRow = (entry) => guard([entry], () => rows[entry.is](entry))

/** @type {Record<Entry["is"], (entry: Entry) => unknown>} */
const rows = {
    prompt: (entry) => html`<article class="entry prompt" data-state=${entry.state ?? ""} aria-label="A prompt">
        <p class="entry-head small muted">${entry.by ?? "Somebody"} asked ${clock(entry)}${stateOf(entry)}</p>
        ${written(entry.text)}</article>`,
    text: (entry) => html`<article class="entry text" aria-label="The agent" aria-busy=${String(entry.isOpen === true)}>
        ${written(entry.text)}
        ${entry.state === "cut" ? html`<p class="small warn">It was cut off here.</p>` : nothing}</article>`,
    thought: (entry) => html`<details class="entry thought"><summary class="small muted">
        ${entry.isOpen ? "It thinks …" : "It thought"}</summary>${written(entry.text)}</details>`,
    tool: (entry) => html`<details class="entry tool" data-state=${entry.state ?? ""}>
        <summary><span class="tool-state small">${toolSays(entry)}</span>
            <span class="tool-title">${entry.title ?? ""}</span></summary>
        ${entry.detail ? html`<pre tabindex="0" role="group" aria-label="Details">${entry.detail}</pre>`
            : html`<p class="muted small">It has told no details.</p>`}</details>`,
    plan: (entry) => html`<section class="entry plan" aria-label="The plan"><p class="small muted">Its plan</p>
        <ol>${entry.steps?.map(({ text, state }) => html`<li data-state=${state}><span class="plan-state">
            ${planSays[state] ?? state}</span> ${text}</li>`)}</ol></section>`,
    ask: (entry) => html`<div class="entry asked"><p class="small"><strong>It asked:</strong>
        ${entry.title ?? ""}</p><p class="small muted">${askSays(entry)}</p>
        ${entry.detail ? written(entry.detail) : nothing}</div>`,
    cut: (entry) => html`<div class="entry cut notice" data-tone="warn"><p><strong>Cut off at
        ${exact(entry.at)}.</strong> ${entry.text ?? ""} It was last seen at ${exact(entry.lastSeen ?? entry.at)}; what
        it did after that, nobody knows.</p>
        ${entry.count ? html`<p class="small">${plural(entry.count, "prompt")} may be done in part, and will not be run
            again by itself.</p>` : nothing}</div>`,
    notice: (entry) => html`<details class="entry notices"><summary class="small muted">
        ${noticeSays[entry.state ?? ""] ?? "Notes"}${(entry.count ?? 1) > 1 ? ` (${entry.count})` : ""}</summary>
        <pre tabindex="0" role="group" aria-label="What it said">${entry.text ?? ""}</pre></details>`,
    reply: (entry) => html`<article class="entry text" aria-label="About the document">${written(entry.text)}
        ${entry.detail !== undefined ? html`<p class="small muted">To be put at ${entry.title ?? "the document"}:</p>
            <pre tabindex="0" role="group" aria-label="The change">${entry.detail}</pre>` : nothing}</article>`,
    turn: (entry) => html`<div class="entry notice" data-tone=${entry.state === "failed" ? "bad" : "warn"}>
        <p>${entry.text ?? ""} ${entry.detail ?? ""}</p></div>`,
    life: (entry) => html`<p class="entry life small muted">${entry.text ?? ""} ${clock(entry)}</p>`,
}

/** @param {Entry} entry */
const clock = (entry) => html`<time datetime=${entry.at} title=${exact(entry.at)}>${ofDay(entry.at)}</time>`

/** @param {string | undefined} text */
export const written = (text) => blocksOf(text ?? "").map((block) => block.is === "code"
    ? html`<pre class="code-block" tabindex="0" role="group"
        aria-label=${block.language ? `Code, ${block.language}` : "Code"}><code>${block.text}</code></pre>`
    : html`<p class="written">${piecesOf(block.text).map((piece) => piece.is === "code"
        ? html`<code>${piece.text}</code>` : piece.text)}</p>`)

/** @param {Entry} entry */
const stateOf = ({ state }) => state === "withdrawn" ? html` · <span>taken back</span>`
    : state === "cut" ? html` · <span class="warn">cut off</span>`
    : state === "queued" ? html` · <span>waits</span>` : nothing

/** @param {Entry} entry */
const toolSays = ({ state }) => /** @type {Record<string, string>} */ ({
    pending: "to do", in_progress: "at it", completed: "done", failed: "failed", cut: "cut off",
})[state ?? ""] ?? state ?? ""

const planSays = /** @type {Record<string, string>} */ ({ pending: "○", in_progress: "◐", completed: "●" })

const noticeSays = /** @type {Record<string, string>} */ ({
    stderr: "Its program's error output", protocol: "What its protocol does not have", stop: "How it was stopped",
    info: "Notes",
})

/** @param {Entry} entry */
function askSays({ state, by, text }) {
    switch (state) {
        case "answered":
            return `${by ?? "Somebody"} answered: ${text}.`
        case "withdrawn":
            return text === "cut" ? "It was cut off before anybody answered."
                : "It no longer asks."
        default:
            return "It waits for an answer, below."
    }
}
