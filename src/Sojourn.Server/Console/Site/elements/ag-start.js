// @ts-check
import { html, nothing } from "../vendor/lit.js"
import { getJson } from "../lib/api.js"
import { samePath } from "../lib/form.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"

/** @typedef {{ name: string, protocol: "terminal" | "claude" | "acp", mode: "isolated" | "shared" }} Profile */

const protocols = { terminal: "a terminal", claude: "Claude Code", acp: "an agent" }

/** What an agent begins with: which of the server's programs, what it is called, where, and what it is to do. */
export class AgStart extends SjElement {
    /** @type {Profile[] | undefined} */
    #profiles
    #chosen = ""
    /** @type {{ path: string, says: string }} */
    #fault = { path: "", says: "" }

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.#load(signal).catch((fault) => toasts.bad(fault))
    }

    /** @param {AbortSignal} signal */
    async #load(signal) {
        const { profiles } = /** @type {{ profiles: Profile[] }} */ (await getJson("/v1/agent/profiles", signal))
        this.#profiles = profiles
        this.#chosen ||= profiles[0]?.name ?? ""
        this.requestUpdate()
    }

    get #profile() {
        return this.#profiles?.find(({ name }) => name === this.#chosen)
    }

    render() {
        const profiles = this.#profiles
        if (profiles?.length === 0) {
            return html`<p class="notice" data-tone="warn">This server has no profiles for you: its configuration names
                the programs that sessions may run, and for whom.</p>`
        }
        const isTerminal = this.#profile?.protocol === "terminal"
        return html`
            <fieldset class="styles profiles"><legend>Profile</legend>
                ${profiles ? profiles.map((profile) => this.#choice(profile))
                    : html`<span class="style"><span class="skeleton"></span></span>`}
                <p role="alert" class="fault small">${this.#faultAt("profile")}</p></fieldset>
            ${this.#field("title", "Title", "What people call it.",
                html`<input id="start-title" maxlength="200" autocomplete="off" aria-invalid=${this.#wrong("title")}
                    aria-describedby="start-title-says start-title-fault">`)}
            ${this.#field("directory", "Directory", "Where it works, below the profile's directory. Empty: there.",
                html`<input id="start-directory" class="mono" maxlength="400" spellcheck="false" autocapitalize="off"
                    autocomplete="off" placeholder="project/src" aria-invalid=${this.#wrong("directory")}
                    aria-describedby="start-directory-says start-directory-fault">`)}
            <div ?hidden=${isTerminal}>${this.#field("prompt", "First prompt", "What it is to do first.",
                html`<textarea id="start-prompt" rows="5" maxlength="200000" aria-invalid=${this.#wrong("prompt")}
                    aria-describedby="start-prompt-says start-prompt-fault"></textarea>`)}</div>
            <p role="alert" class="fault">${this.#faultAt("")}</p>`
    }

    /** @param {Profile} profile */
    #choice({ name, protocol, mode }) {
        return html`<label class="style"><input type="radio" name="profile" value=${name}
            .checked=${name === this.#chosen} @change=${() => this.#choose(name)}>
            <span><strong>${name}</strong><span class="muted small">${protocols[protocol] ?? protocol}${
                mode === "shared" ? "; one session for all" : ""}</span></span></label>`
    }

    /** @param {string} name */
    #choose(name) {
        this.#chosen = name
        this.#fault = { path: "", says: "" }
        this.requestUpdate()
    }

    /**
     * @param {string} name
     * @param {string} title
     * @param {string} says
     * @param {unknown} input
     */
    #field(name, title, says, input) {
        return html`<div class="field"><label for="start-${name}">${title} <span class="muted">optional</span></label>
            ${input}<p id="start-${name}-says" class="hint">${says}</p>
            <p id="start-${name}-fault" role="alert" class="fault small">${this.#faultAt(name)}</p></div>`
    }

    /** @param {string} path */
    #faultAt(path) {
        return this.#fault.path === path ? this.#fault.says : ""
    }

    /** @param {string} name */
    #wrong(name) {
        return this.#faultAt(name) ? "true" : nothing
    }

    /** What is filled in; undefined, with the fault shown, if that makes no sense. */
    read() {
        const profile = this.#profile
        if (!profile) {
            this.#show("profile", "Choose a profile.")
            return undefined
        }
        this.#show("", "")
        const text = (/** @type {string} */ name) =>
            /** @type {HTMLInputElement | null} */ (this.querySelector(`#start-${name}`))?.value.trim() ?? ""
        const names = profile.protocol === "terminal" ? ["title", "directory"] : ["title", "directory", "prompt"]
        const filled = names.map((name) => [name, text(name)]).filter(([, value]) => value !== "")
        return { profile: profile.name, ...Object.fromEntries(filled) }
    }

    /**
     * Shows what the server says at the field that it names.
     * @param {string | undefined} path
     * @param {string} says
     * @returns {boolean} False if there is no such field.
     */
    showFault(path, says) {
        // The first prompt is judged as any other is, by its text.
        const asked = samePath("text", path) ? "prompt" : path
        const known = ["profile", "title", "directory", "prompt"].find((each) => samePath(each, asked))
        if (!known) return false
        this.#show(known, says)
        return true
    }

    /**
     * @param {string} path
     * @param {string} says
     */
    #show(path, says) {
        this.#fault = { path, says }
        this.requestUpdate()
        if (path === "") return
        const field = this.querySelector(path === "profile" ? "input[name=profile]:checked" : `#start-${path}`)
        if (field instanceof HTMLElement) field.focus()
    }
}

customElements.define("ag-start", AgStart)
