// @ts-check
// The terminal emulator, made to live under the page's policy for content: it writes styles as elements and attributes,
// which the policy forbids for good reason, so they are put into style sheets and properties, which it allows.

import { Terminal } from "../vendor/xterm.js"
import { Unicode11Addon } from "../vendor/xterm-unicode11.js"

/** @typedef {import("../vendor/xterm.js").ITerminal} ITerminal */

const light = {
    background: "#ffffff", foreground: "#16191c", cursor: "#16191c", cursorAccent: "#ffffff",
    selectionBackground: "#a9d8dc", black: "#16191c", red: "#b42323", green: "#1a6e3c", yellow: "#8a5300",
    blue: "#1f4fb4", magenta: "#8a2a86", cyan: "#0b6e75", white: "#c4c9cd", brightBlack: "#5a636b",
    brightRed: "#c93a3a", brightGreen: "#22844a", brightYellow: "#9a6200", brightBlue: "#2f63cf",
    brightMagenta: "#a13a9c", brightCyan: "#0f7d85", brightWhite: "#e6e9eb",
}

const dark = {
    background: "#101214", foreground: "#e6e9eb", cursor: "#e6e9eb", cursorAccent: "#101214",
    selectionBackground: "#27525a", black: "#2b3035", red: "#ff8f87", green: "#6fcf97", yellow: "#f0b659",
    blue: "#84b4ff", magenta: "#e39be0", cyan: "#56c2c9", white: "#c4c9cd", brightBlack: "#858d94",
    brightRed: "#ffaaa4", brightGreen: "#8fe0b0", brightYellow: "#f7cd88", brightBlue: "#a6c9ff",
    brightMagenta: "#efb8ec", brightCyan: "#7ad3d9", brightWhite: "#ffffff",
}

/** As the page looks now. */
export function themeNow() {
    const chosen = document.documentElement.dataset.theme
    const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
    return isDark ? dark : light
}

/**
 * Tells when the page looks otherwise.
 * @param {() => void} tell
 * @param {AbortSignal} signal
 */
export function watchTheme(tell, signal) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell, { signal })
    const watcher = new MutationObserver(tell)
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] })
    signal.addEventListener("abort", () => watcher.disconnect(), { once: true })
}

/** @type {Promise<void> | undefined} */
let styled

/** Loads what the emulator looks like, once. */
export function loadStyles() {
    styled ??= new Promise((resolve, reject) => {
        const link = document.createElement("link")
        link.rel = "stylesheet"
        link.href = new URL("../vendor/xterm.css", import.meta.url).href
        link.addEventListener("load", () => resolve())
        link.addEventListener("error", () => {
            styled = undefined
            link.remove()
            reject(new Error("The terminal could not be loaded."))
        })
        document.head.append(link)
    })
    return styled
}

/**
 * @param {{ columns: number, rows: number }} size
 * @returns {ITerminal}
 */
export function newTerminal({ columns, rows }) {
    const terminal = new Terminal({
        allowProposedApi: true,
        cols: columns,
        rows,
        documentOverride: guarded,
        fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
        fontSize: 13,
        macOptionIsMeta: true,
        minimumContrastRatio: 4.5,
        scrollback: 5000,
        theme: themeNow(),
    })
    // Characters are as wide as the server takes them to be, or pictures would not fit.
    terminal.loadAddon(new Unicode11Addon())
    terminal.unicode.activeVersion = "11"
    return terminal
}

/** The document, but for elements that would bring styles of their own. */
const guarded = new Proxy(document, {
    get(target, name) {
        if (name === "createElement") return create
        const value = Reflect.get(target, name, target)
        return typeof value === "function" ? value.bind(target) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
})

/**
 * @param {string} name
 * @param {ElementCreationOptions} [options]
 */
function create(name, options) {
    return name === "style" ? styleSheet() : styledByProperty(document.createElement(name, options))
}

/** Stands where a style element would, and keeps what is written into it in a sheet of the page. */
function styleSheet() {
    const sheet = new CSSStyleSheet()
    const stand = document.createElement("template")
    let text = ""
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    Object.defineProperty(stand, "textContent", {
        get: () => text,
        set(value) {
            text = String(value)
            sheet.replaceSync(text)
        },
    })
    stand.remove = () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet)
        Element.prototype.remove.call(stand)
    }
    return stand
}

/**
 * Single colours of a cell come as an attribute.
 * @param {HTMLElement} element
 */
function styledByProperty(element) {
    element.setAttribute = setAttribute
    return element
}

/**
 * @this {HTMLElement}
 * @param {string} name
 * @param {string} value
 */
function setAttribute(name, value) {
    if (name === "style") this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
}
