// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { samePath } from "../lib/form.js"
import { count, plural } from "../lib/numbers.js"
import { faultOf, mostCharacters, mostScenes, textOf, wordsIn } from "../lib/story.js"
import { sentence } from "../lib/api.js"
import { SjElement } from "./sj-element.js"

const styles = [
    ["cinematic", "Film stills: teal and orange, strong light."],
    ["cartoon", "Flat bright colours, thick outlines."],
    ["realistic", "Muted natural tones, soft light."],
]

const standardScenes = 5

/** Asks for what a generation begins with: a story, typed, pasted or from a file; a style; how many scenes. */
export class SjStory extends SjElement {
    #text = ""
    /** The file that the text came from. */
    #file = ""
    #scenes = String(standardScenes)
    #isOver = false
    /** @type {{ path: string, says: string }} */
    #fault = { path: "", says: "" }

    /** @param {AbortSignal} signal */
    begin(signal) {
        // Wherever on the page it falls: a browser would leave the page for a file that falls beside the field.
        window.addEventListener("dragover", (event) => this.#drag(event), { signal })
        const leave = (/** @type {DragEvent} */ event) => event.relatedTarget === null && this.#setOver(false)
        window.addEventListener("dragleave", leave, { signal })
        window.addEventListener("drop", (event) => this.#drop(event), { signal })
    }

    /** What is filled in; undefined, with the fault shown, if that makes no sense. */
    read() {
        const fault = faultOf(this.#text)
        if (fault) return this.#show("storyText", fault)
        const scenes = Number(this.#scenes)
        if (!Number.isInteger(scenes) || scenes < 1 || scenes > mostScenes) {
            return this.#show("numScenes", `The number of scenes must be 1 to ${mostScenes}.`)
        }
        this.#show("", "")
        const style = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=mediaType]:checked"))
        return { storyText: this.#text, mediaType: style?.value ?? styles[0][0], numScenes: scenes }
    }

    /**
     * Shows what the server says at the field that it names.
     * @param {string | undefined} path
     * @param {string} says
     * @returns {boolean} False if there is no such field.
     */
    showFault(path, says) {
        const known = ["storyText", "numScenes", "mediaType"].find((each) => samePath(each, path))
        if (!known) return false
        this.#show(known, says)
        return true
    }

    /**
     * @param {string} path
     * @param {string} says
     * @returns {undefined}
     */
    #show(path, says) {
        this.#fault = { path, says }
        this.requestUpdate()
        if (path === "") return
        const field = /** @type {HTMLElement | null} */ (this.querySelector(`[name=${path}]`))
        field?.focus()
    }

    render() {
        const fault = (/** @type {string} */ path) => this.#fault.path === path ? this.#fault.says : ""
        return html`
            <div class="field story-field">
                <label for="story">Story</label>
                <div class="drop" ?data-over=${this.#isOver}>
                    <textarea id="story" name="storyText" rows="12" .value=${this.#text} @input=${this.#type}
                        placeholder="Paste a story here, or drop a text file anywhere on this page."
                        aria-describedby="story-size story-fault"
                        aria-invalid=${fault("storyText") ? "true" : nothing}></textarea>
                    <p class="drop-says" aria-hidden="true">Let go to take the file</p>
                </div>
                <div class="story-foot">
                    <p id="story-size" class="hint">${this.#size()}</p>
                    <span class="file"><input id="story-file" type="file" class="hidden" @change=${this.#choose}
                        accept=".txt,.text,.md,.markdown,text/plain,text/markdown"><label for="story-file"
                        class="button">Choose a file</label></span>
                </div>
                <p id="story-fault" role="alert" class="fault small">${fault("storyText")}</p>
            </div>
            <fieldset class="styles"><legend>Style</legend>
                ${styles.map(([name, says], i) => html`<label class="style">
                    <input type="radio" name="mediaType" value=${name} ?checked=${i === 0}>
                    <span><strong>${name}</strong><span class="muted small">${says}</span></span></label>`)}
                <p role="alert" class="fault small">${fault("mediaType")}</p>
            </fieldset>
            <div class="field scenes-field">
                <label for="scenes">Scenes</label>
                <input id="scenes" name="numScenes" type="number" min="1" max=${mostScenes} step="1" inputmode="numeric"
                    .value=${this.#scenes} @input=${this.#typeScenes} aria-describedby="scenes-says scenes-fault"
                    aria-invalid=${fault("numScenes") ? "true" : nothing}>
                <p id="scenes-says" class="hint">1 to ${mostScenes}${this.#share()}</p>
                <p id="scenes-fault" role="alert" class="fault small">${fault("numScenes")}</p>
            </div>`
    }

    #size() {
        const story = this.#text.trim()
        const isTooLong = story.length > mostCharacters
        return html`<span class=${isTooLong ? "bad" : ""}>${count(story.length)} of ${count(mostCharacters)} characters,
            ${plural(wordsIn(story), "word")}</span>${this.#file ? html` from ${this.#file}` : nothing}`
    }

    #share() {
        const [words, scenes] = [wordsIn(this.#text), Number(this.#scenes)]
        const share = Math.round(words / scenes)
        return words > 0 && scenes > 0 && share > 0 ? `; about ${plural(share, "word")} of the story each` : ""
    }

    /** @param {Event} event */
    #type(event) {
        this.#take(/** @type {HTMLTextAreaElement} */ (event.target).value, this.#file)
    }

    /** @param {Event} event */
    #typeScenes(event) {
        this.#scenes = /** @type {HTMLInputElement} */ (event.target).value
        this.#show("", "")
    }

    /**
     * @param {string} text
     * @param {string} file
     */
    #take(text, file) {
        this.#text = text
        this.#file = text === "" ? "" : file
        // What is too long is said at once, and what is too short only when it is sent: it may still be typed.
        const isTooLong = text.trim().length > mostCharacters
        this.#fault = isTooLong ? { path: "storyText", says: faultOf(text) } : { path: "", says: "" }
        this.requestUpdate()
    }

    /** @param {Event} event */
    async #choose(event) {
        const input = /** @type {HTMLInputElement} */ (event.target)
        if (input.files?.[0]) await this.#read(input.files[0])
        // So that the same file can be chosen again after it was changed.
        input.value = ""
    }

    /** @param {DragEvent} event */
    #drag(event) {
        if (!event.dataTransfer?.types.includes("Files")) return
        event.preventDefault()
        event.dataTransfer.dropEffect = "copy"
        this.#setOver(true)
    }

    /** @param {DragEvent} event */
    #drop(event) {
        if (!event.dataTransfer?.types.includes("Files")) return
        event.preventDefault()
        this.#setOver(false)
        const { files } = event.dataTransfer
        if (files.length === 1) this.#read(files[0])
        else this.#show("storyText", "Drop one file: a generation is made of one story.")
    }

    /** @param {File} file */
    async #read(file) {
        try {
            this.#take(await textOf(file), file.name)
        } catch (fault) {
            this.#show("storyText", sentence(fault))
        }
    }

    /** @param {boolean} isOver */
    #setOver(isOver) {
        if (this.#isOver === isOver) return
        this.#isOver = isOver
        this.requestUpdate()
    }
}

customElements.define("sj-story", SjStory)
