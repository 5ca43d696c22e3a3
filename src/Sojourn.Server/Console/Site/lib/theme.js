// @ts-check
// Light, dark, or as the system has it; kept in this browser.

const place = "sojourn-theme"

/** @typedef {"system" | "light" | "dark"} Theme */

/** @returns {Theme} */
export function theme() {
    try {
        const kept = localStorage.getItem(place)
        return kept === "light" || kept === "dark" ? kept : "system"
    } catch {
        // Browsers can be told to keep nothing.
        return "system"
    }
}

/** @param {Theme} chosen */
export function setTheme(chosen) {
    try {
        if (chosen === "system") localStorage.removeItem(place)
        else localStorage.setItem(place, chosen)
    } catch {
        // Then it holds until the page is closed.
    }
    apply(chosen)
}

/** @param {Theme} chosen */
export function apply(chosen) {
    if (chosen === "system") delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
}
