// @ts-check
import { html, live, nothing } from "../vendor/lit.js"
import { sendTo } from "../lib/commands.js"
import { SjElement } from "./sj-element.js"
import "./sj-scene-form.js"

/** @typedef {import("../lib/generation.js").Scene} Scene */
/** @typedef {import("../lib/generation.js").Generation} Generation */

const longestAlternative = 300
const shortestWait = 1000, longestWait = 10_000

/** One scene of a storyboard, or the place where it is to be. */
export class SjScene extends SjElement {
    static properties = {
        of: { attribute: false }, number: { attribute: false }, scene: { attribute: false },
        draft: { attribute: false }, excerpt: { attribute: false }, isNext: { attribute: false },
        isStopped: { attribute: false }, isInWork: { attribute: false },
        isTicked: { attribute: false }, isGone: { attribute: false },
    }

    #isEditing = false
    #isSending = false
    /** How often its picture could not be loaded. */
    #misses = 0

    constructor() {
        super()
        /** @type {import("../lib/session-watch.js").SessionWatch | undefined} */
        this.of = undefined
        this.number = 0
        /** @type {Scene | undefined} */
        this.scene = undefined
        /** @type {Generation["draft"] | undefined} */
        this.draft = undefined
        /** What of the story it is to tell. */
        this.excerpt = ""
        this.isNext = false
        this.isStopped = false
        this.isInWork = false
        this.isTicked = false
        this.isGone = false
    }

    render() {
        const { scene, number } = this
        const title = scene?.title ?? this.draft?.text.title
        return html`<article class="card scene" aria-labelledby="scene-${number}" ?data-working=${this.#isWorking}>
            ${this.#picture()}
            <div class="scene-body">
                <h3 id="scene-${number}"><span class="scene-number">${number}</span>
                    ${title ?? html`<span class="muted">${this.#coming}</span>`}</h3>
                ${this.#isEditing && scene ? html`<sj-scene-form .of=${this.of} .scene=${scene}
                        @done=${this.#endEditing}></sj-scene-form>` : this.#text()}
            </div>
        </article>`
    }

    get #coming() {
        return this.isNext ? "Being written" : this.isStopped ? "Not made" : "To come"
    }

    get #isWorking() {
        return this.isInWork || this.isNext
    }

    #picture() {
        const { scene, number } = this
        if (!scene) {
            return html`<div class="frame"><p class="muted small">${this.draft ? "Being drawn" : ""}</p></div>`
        }
        const path = this.of?.path(["scenes", String(number), "picture"], {
            // Another picture has another address, and so has another attempt at the same.
            picture: scene.picture.sha256.slice(0, 16), attempt: this.#misses > 0 ? String(this.#misses) : "",
        }) ?? ""
        return html`<div class="frame">
            <a href=${path} target="_blank" rel="noopener" aria-label="The picture of scene ${number} by itself">
                <img src=${path} alt=${scene.imagePrompt.slice(0, longestAlternative)} width="960" height="540"
                    @error=${this.#miss}></a>
            ${this.isInWork ? html`<p class="over">Being worked on</p>`
                : scene.pictureIsStale ? html`<p class="over" data-tone="warn">Shows an older prompt</p>` : nothing}
        </div>`
    }

    #text() {
        const { scene } = this
        if (!scene) {
            const says = this.draft?.text.description ?? this.excerpt
            return html`<p class="scene-says" ?data-pale=${!this.draft}>
                    ${says || (this.isStopped ? nothing : html`<span class="skeleton"></span>`)}</p>
                <div class="scene-foot"></div>`
        }
        return html`
            <p class="scene-says">${scene.description}</p>
            <div class="scene-foot"><div class="actions">
                <label class="tick"><input type="checkbox" .checked=${live(this.isTicked)} ?disabled=${this.isGone}
                    aria-describedby="scene-${scene.number}" @change=${this.#tick}>
                    ${scene.isApproved && this.isTicked ? "Approved" : "Approve"}</label>
                ${scene.edited.length > 0 ? html`<span class="tag" title=${`By hand: ${scene.edited.join(", ")}`}>
                    edited</span>` : nothing}
                ${scene.revision > 1 ? html`<span class="tag" title="How often it was made">
                    take ${scene.revision}</span>` : nothing}
                <div class="spacer"></div>
                <button class="edit" aria-label="Edit scene ${scene.number}" ?disabled=${this.isGone}
                    @click=${this.#edit}>Edit</button>
                <button class=${scene.pictureIsStale ? "primary" : ""} aria-label="Regenerate scene ${scene.number}"
                    ?disabled=${this.isGone || this.#isSending} @click=${this.#regenerate}>Regenerate</button>
            </div>
            <details class="small"><summary>Prompt and passage</summary>
                <h4>What happens</h4><p>${scene.description}</p>
                <h4>What the picture is to show</h4><p>${scene.imagePrompt}</p>
                <h4>In the story</h4><p>${scene.excerpt.trim()}</p></details></div>`
    }

    /** @param {Event} event */
    #tick(event) {
        const isTicked = /** @type {HTMLInputElement} */ (event.target).checked
        this.dispatchEvent(new CustomEvent("tick", { detail: isTicked }))
    }

    #edit() {
        this.#isEditing = true
        this.requestUpdate()
    }

    async #endEditing() {
        this.#isEditing = false
        this.requestUpdate()
        await this.updateComplete
        const button = /** @type {HTMLElement | null} */ (this.querySelector("button.edit"))
        button?.focus()
    }

    async #regenerate() {
        this.#isSending = true
        this.requestUpdate()
        if (this.of) await sendTo(this.of, "regenerate-scene", { number: this.number })
        this.#isSending = false
        this.requestUpdate()
    }

    /** The server may be away, or the picture; it is asked for again, less and less often. */
    #miss() {
        const wait = Math.min(longestWait, shortestWait * 2 ** this.#misses)
        setTimeout(() => {
            if (this.stop.signal.aborted || this.isGone) return
            this.#misses++
            this.requestUpdate()
        }, wait)
    }
}

customElements.define("sj-scene", SjScene)
