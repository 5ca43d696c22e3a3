// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { about, isBusy, timesOf, took } from "../lib/generation.js"
import { count, oneDigit, plural } from "../lib/numbers.js"
import { ticker } from "../lib/times.js"
import { SjElement } from "./sj-element.js"
import "./sj-storyboard.js"

/** @typedef {import("../lib/generation.js").Generation} Generation */

/** A generation: how far it is, what stopped it, the story it is made of, and its storyboard. */
export class SjGeneration extends SjElement {
    static properties = {
        of: { attribute: false }, session: { attribute: false }, events: { attribute: false },
        isGone: { attribute: false },
    }

    #isSending = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {import("../lib/types.js").Session | undefined} */
        this.session = undefined
        /** @type {import("../lib/types.js").SessionEvent[]} */
        this.events = []
        this.isGone = false
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        const tell = () => {
            if (this.session?.busy) this.requestUpdate()
        }
        ticker.add(tell, signal)
    }

    render() {
        if (!this.session) return nothing
        const generation = /** @type {Generation} */ (this.session.state)
        return html`
            <section class="card progress-card" aria-labelledby="progress-title">
                <h2 id="progress-title" class="hidden" tabindex="-1">Progress</h2>
                ${this.#progress(generation)}
                ${this.#stopped(generation)}
                ${this.#fallbacks(generation)}
                ${this.#actions(generation)}
            </section>
            ${story(generation)}
            <sj-storyboard .of=${this.of} .generation=${generation} .isGone=${this.isGone}></sj-storyboard>`
    }

    /** @param {Generation} generation */
    #progress(generation) {
        const { description, percentage, currentStep, totalSteps } = generation.progress
        const { elapsed, remaining } = timesOf(generation, this.events, Date.now())
        return html`
            <div class="progress-head">
                <p class="progress-says" role="status">${description}</p>
                <p class="big">${oneDigit(percentage)} %</p>
            </div>
            <progress max="100" value=${percentage} aria-labelledby="progress-title" data-status=${generation.status}>
            </progress>
            <p class="progress-foot small muted">
                <span>Step ${currentStep} of ${totalSteps}</span>
                <span>${elapsed === undefined ? "not begun" : `${isBusy(generation) ? "for" : "took"} ${took(elapsed)}`}
                </span>
                ${generation.status !== "processing" ? nothing : html`<span class="left">${remaining === undefined
                    ? "not known how long still" : `${about(remaining)} left`}</span>`}
                ${used(generation.usage)}
            </p>`
    }

    /** @param {Generation} generation */
    #stopped({ status, error, scenes, request }) {
        const kept = scenes.length === 0 ? "" : `${plural(scenes.length, "finished scene")} of ${request.numScenes} ${
            scenes.length === 1 ? "is" : "are"} kept. `
        if (status === "failed") {
            return html`<div class="notice" data-tone="bad" role="alert">
                <p><strong>It failed.</strong> ${error}</p><p>${kept}Retry goes on with what is missing.</p></div>`
        }
        return status !== "cancelled" ? nothing : html`<p class="notice" data-tone="warn">It was cancelled. ${kept}Retry
            goes on where it was.</p>`
    }

    /** @param {Generation} generation */
    #fallbacks({ fallbacks }) {
        if (fallbacks.length === 0) return nothing
        return html`<details class="notice" data-tone="warn">
            <summary>${plural(fallbacks.length, "piece")} made without the model</summary>
            <ul>${fallbacks.map(({ piece, scene, reason }) => html`<li>
                ${piece}${scene ? ` of scene ${scene}` : ""}: ${reason}</li>`)}</ul></details>`
    }

    /** @param {Generation} generation */
    #actions(generation) {
        const isStopped = generation.status === "failed" || generation.status === "cancelled"
        const isOff = this.isGone || this.#isSending
        const has = generation.scenes.length > 0 && !this.isGone
        return html`<div class="actions">
            ${has ? html`<a class="button" href=${this.of?.path(["storyboard.zip"]) ?? ""} download>Download ZIP</a>
                <a class="button" href=${this.of?.path(["storyboard.html"]) ?? ""} target="_blank" rel="noopener">
                    Print view</a>`
                : html`<span class="muted small">
                    ${this.isGone ? "" : "To download as soon as a scene is there."}</span>`}
            <div class="spacer"></div>
            ${isBusy(generation) ? html`<button ?disabled=${isOff} @click=${() => this.#send("cancel")}>
                Cancel</button>` : nothing}
            ${isStopped ? html`<button class="primary" ?disabled=${isOff} @click=${() => this.#send("retry")}>
                Retry</button>` : nothing}
        </div>`
    }

    /** @param {string} command */
    async #send(command) {
        this.#isSending = true
        this.requestUpdate()
        const isDone = this.of ? await sendTo(this.of, command) : false
        this.#isSending = false
        this.requestUpdate()
        // The button is about to go: whoever pressed it with a key goes on from here.
        const title = /** @type {HTMLElement | null} */ (this.querySelector("#progress-title"))
        if (isDone) title?.focus({ preventScroll: true })
    }
}

/** @param {Generation["usage"]} usage */
function used({ calls, promptTokens, completionTokens, images, cost }) {
    if (calls === 0) return nothing
    const tokens = promptTokens + completionTokens
    return html`<span title="${count(promptTokens)} read, ${count(completionTokens)} written">
        ${plural(calls, "call")}, ${plural(tokens, "token")}, ${plural(images, "picture")}</span>
        ${cost > 0 ? html`<span>cost ${cost}</span>` : nothing}`
}

/** What it is made of. @param {Generation} generation */
function story({ request, analysis }) {
    const names = (/** @type {string} */ title, /** @type {string[]} */ found) => found.length === 0 ? nothing
        : html`<div><dt>${title}</dt><dd>${found.join(", ")}</dd></div>`
    return html`<details class="card story">
        <summary><span class="story-begins">${request.storyText.slice(0, 200)}</span>
            <span class="muted small">${request.mediaType}, ${plural(request.numScenes, "scene")}${analysis
                ? `, ${plural(analysis.words, "word")}` : ""}</span></summary>
        ${analysis ? html`<dl class="facts">
            ${names("People", analysis.characters)}${names("Places", analysis.places)}
            ${names("Themes", analysis.themes)}
            <div><dt>Would suit</dt><dd>${plural(analysis.estimatedScenes, "scene")}</dd></div>
            <div><dt>To read</dt><dd>${oneDigit(analysis.readingMinutes)} min</dd></div></dl>` : nothing}
        <div class="story-text" tabindex="0" role="region" aria-label="The story">${request.storyText}</div>
    </details>`
}

customElements.define("sj-generation", SjGeneration)
