// @ts-check
import { html, keyed, nothing } from "../vendor/lit.js"
import { login } from "../lib/me.js"
import { go, newLink, parse } from "../lib/router.js"
import { setTheme, theme } from "../lib/theme.js"
import { toasts } from "../lib/toasts.js"
import { SjElement } from "./sj-element.js"
import { showKeys } from "./sj-keys.js"
import "./sj-banner.js"
import "./sj-login.js"
import "./sj-toasts.js"

/** @typedef {import("../lib/router.js").Route} Route */

const themes = /** @type {const} */ (["system", "light", "dark"])

/** The frame is painted before its page is there. */
const modules = {
    overview: () => import("./sj-overview.js"),
    new: () => import("./sj-new.js"),
    session: () => import("./sj-session.js"),
}

/** The frame around every page: header, banner, toasts, and which page is shown. */
export class SjApp extends SjElement {
    /** @type {Route} */
    #route = parse(location.hash)
    #shownPage = ""
    /** @type {Set<string>} */
    #loaded = new Set()

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.watch(login, signal)
        window.addEventListener("hashchange", () => this.#follow(), { signal })
        document.addEventListener("keydown", (event) => this.#press(event), { signal })
        login.begin()
        this.#follow()
    }

    #follow() {
        // A link that is opened where the console is open already.
        if (location.hash.startsWith("#code=")) login.begin()
        this.#route = parse(location.hash)
        this.requestUpdate()
    }

    /** Which page it is, whatever is searched for on it. */
    get #page() {
        const { page, kind = "", id = "", query } = this.#route
        return [page, kind, id, page === "session" ? query.get("owner") : ""].join("/")
    }

    async updated() {
        const page = login.me ? this.#page : "login"
        const isOther = this.#shownPage !== "" && this.#shownPage !== page
        this.#shownPage = login.isKnown ? page : ""
        if (!isOther) return
        // Whoever cannot see the page change is told by where the focus is. Pages that are loaded take a moment.
        window.scrollTo(0, 0)
        await Promise.resolve()
        focusHeading()
    }

    /** @param {KeyboardEvent} event */
    #press(event) {
        const target = /** @type {HTMLElement} */ (event.target)
        const isTyping = target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null
        const isChord = event.ctrlKey || event.metaKey || event.altKey
        if (event.defaultPrevented || isTyping || isChord || !login.me || document.querySelector("dialog[open]")) return
        const search = /** @type {HTMLElement | null} */ (document.querySelector("main input[type=search]"))
        const does = {
            "/": search ? () => seek(search) : undefined,
            n: () => go(newLink()),
            o: () => go("#/"),
            "?": showKeys,
        }[event.key]
        if (!does) return
        event.preventDefault()
        does()
    }

    render() {
        const { me } = login
        return html`
            <a class="skip" href="#main" @click=${skip}>To the content</a>
            <header class="top">
                <a class="brand" href="#/"><img src="icon.svg" alt="" width="20" height="20">Sojourn</a>
                ${me ? html`<nav aria-label="Main">
                    <a href="#/" aria-current=${this.#route.page === "overview" ? "page" : nothing}>Sessions</a>
                    <a href="#/new" aria-current=${this.#route.page === "new" ? "page" : nothing}>New</a>
                </nav>` : nothing}
                <div class="spacer"></div>
                ${me ? html`<span class="who" title="Whose sessions these are. Server version ${me.version}">
                    <span class="who-name">${me.owner}</span>
                    ${me.admin ? html`<span class="tag">admin</span>` : nothing}
                </span>` : nothing}
                <button class="ghost" @click=${this.#turnTheme} title="Light, dark, or as the system has it">
                    <span class="wide-only">Theme: </span>${theme()}</button>
                ${me ? html`<button class="ghost icon wide-only" aria-label="Keys" title="Keys (?)"
                        @click=${showKeys}>?</button>
                    <button class="ghost" @click=${logOut}>Log out</button>` : nothing}
            </header>
            <sj-banner></sj-banner>
            <main id="main" tabindex="-1">${this.#content()}</main>
            <sj-toasts></sj-toasts>`
    }

    #content() {
        if (!login.isKnown) return html`<p class="muted pad">Looking who you are …</p>`
        if (!login.me) return html`<sj-login></sj-login>`
        const { page, kind, id, query } = this.#route
        switch (page) {
            case "overview":
                return this.#whenLoaded(page, html`<sj-overview .query=${query}></sj-overview>`)
            case "new":
                return this.#whenLoaded(page, keyed(this.#page, html`<sj-new .kind=${kind}></sj-new>`))
            case "session":
                return this.#whenLoaded(page, keyed(this.#page, html`<sj-session .kind=${kind} .sessionId=${id}
                    .owner=${query.get("owner") ?? undefined}></sj-session>`))
            default:
                return html`<div class="empty"><h1 tabindex="-1">There is no such page</h1>
                    <p>The address is not one of the console's. <a href="#/">All sessions</a> are on the first page.</p>
                </div>`
        }
    }

    /**
     * @param {keyof typeof modules} page
     * @param {unknown} content Is made only when its elements are known.
     */
    #whenLoaded(page, content) {
        if (this.#loaded.has(page)) return content
        modules[page]().then(() => {
            this.#loaded.add(page)
            this.requestUpdate()
        }, (fault) => toasts.bad(fault))
        return html`<p class="muted pad">Loading …</p>`
    }

    #turnTheme() {
        setTheme(themes[(themes.indexOf(theme()) + 1) % themes.length])
        this.requestUpdate()
    }
}

/** @param {Event} event */
function skip(event) {
    event.preventDefault()
    document.getElementById("main")?.focus()
}

/** @param {HTMLElement} search May be in what is folded. */
function seek(search) {
    search.closest("details")?.setAttribute("open", "")
    search.focus()
}

const logOut = () => login.logOut().catch((fault) => toasts.bad(fault))

/** Of the page that is there, or will be as soon as it is loaded. */
function focusHeading() {
    const main = /** @type {HTMLElement} */ (document.getElementById("main"))
    const find = () => {
        const heading = /** @type {HTMLElement | null} */ (main.querySelector("h1"))
        heading?.focus({ preventScroll: true })
        return heading !== null
    }
    if (find()) return
    const observer = new MutationObserver(() => {
        if (find()) observer.disconnect()
    })
    observer.observe(main, { childList: true, subtree: true })
    setTimeout(() => observer.disconnect(), 5000)
}

customElements.define("sj-app", SjApp)
