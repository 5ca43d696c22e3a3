// @ts-check
import { html, nothing, repeat } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { inWork } from "../lib/generation.js"
import { plural } from "../lib/numbers.js"
import { SjElement } from "./sj-element.js"
import "./sj-scene.js"

/** @typedef {import("../lib/generation.js").Generation} Generation */

/** The scenes of a generation, those to come included, and which of them are approved. */
export class SjStoryboard extends SjElement {
    static properties = { of: { attribute: false }, generation: { attribute: false }, isGone: { attribute: false } }

    /** What is ticked, once somebody has ticked anything. @type {Set<number> | undefined} */
    #ticked
    #isSending = false

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        /** @type {Generation | undefined} */
        this.generation = undefined
        this.isGone = false
    }

    render() {
        const { generation } = this
        if (!generation) return nothing
        const { scenes, draft, plan, request, status } = generation
        const working = inWork(generation)
        const ticked = this.#ticked ?? new Set(generation.approvedScenes)
        const numbers = Array.from({ length: request.numScenes }, (_, i) => i + 1)
        const made = new Map(scenes.map((scene) => [scene.number, scene]))
        const isMaking = status === "processing" && plan.length > 0
        const next = isMaking ? numbers.find((number) => !made.has(number)) : undefined
        return html`<section aria-labelledby="storyboard-title">
            <div class="section-head">
                <h2 id="storyboard-title">Storyboard</h2>
                <p class="muted small" role="status">${this.#counted(generation)}</p>
                <div class="spacer"></div>
                ${this.#approval(generation, ticked)}
            </div>
            <ol class="scenes">${repeat(numbers, (number) => number, (number) => html`<li><sj-scene .of=${this.of}
                .number=${number} .scene=${made.get(number)}
                .draft=${draft?.number === number ? draft : undefined} .isNext=${number === next}
                .isStopped=${status === "failed" || status === "cancelled"}
                .excerpt=${excerpt(request.storyText, plan.find((part) => part.number === number))}
                .isInWork=${working.has(number)} .isTicked=${ticked.has(number)} .isGone=${this.isGone}
                @tick=${(/** @type {CustomEvent} */ event) => this.#tick(number, event.detail, ticked)}>
            </sj-scene></li>`)}
            </ol>
        </section>`
    }

    /** @param {Generation} generation */
    #counted({ scenes, request, approvedScenes }) {
        const made = scenes.length < request.numScenes ? `${scenes.length} of ${plural(request.numScenes, "scene")}`
            : plural(request.numScenes, "scene")
        return approvedScenes.length > 0 ? `${made}, ${approvedScenes.length} approved` : made
    }

    /**
     * @param {Generation} generation
     * @param {Set<number>} ticked
     */
    #approval({ scenes, request, approvedScenes }, ticked) {
        if (scenes.length < request.numScenes) return nothing
        const isOff = this.isGone || this.#isSending
        const isSame = ticked.size === approvedScenes.length && approvedScenes.every((number) => ticked.has(number))
        const isAll = approvedScenes.length === request.numScenes
        return html`${isSame ? nothing : html`
                <button class="ghost" @click=${this.#untick}>As it was</button>
                <button class="primary" ?disabled=${isOff} @click=${() => this.#approve([...ticked])}>
                    Approve ${plural(ticked.size, "scene")}</button>`}
            ${isSame && !isAll ? html`<button ?disabled=${isOff}
                @click=${() => this.#approve(scenes.map((scene) => scene.number))}>Approve all</button>` : nothing}`
    }

    /**
     * @param {number} number
     * @param {boolean} isTicked
     * @param {Set<number>} before
     */
    #tick(number, isTicked, before) {
        this.#ticked = new Set(before)
        if (isTicked) this.#ticked.add(number)
        else this.#ticked.delete(number)
        this.requestUpdate()
    }

    #untick() {
        this.#ticked = undefined
        this.requestUpdate()
        this.#focusTitle()
    }

    /** @param {number[]} scenes */
    async #approve(scenes) {
        this.#isSending = true
        this.requestUpdate()
        const isDone = this.of && await sendTo(this.of, "approve-scenes", { scenes: scenes.sort((a, b) => a - b) })
        this.#isSending = false
        if (isDone) this.#untick()
        this.requestUpdate()
    }

    /** The button that was pressed is about to go. */
    #focusTitle() {
        const first = /** @type {HTMLElement | null} */ (this.querySelector("sj-scene input, sj-scene button"))
        first?.focus({ preventScroll: true })
    }
}

/**
 * The part of the story that a scene is to tell.
 * @param {string} story
 * @param {{ start: number, length: number } | undefined} part
 */
const excerpt = (story, part) => part ? story.slice(part.start, part.start + part.length).trim() : ""

customElements.define("sj-storyboard", SjStoryboard)
