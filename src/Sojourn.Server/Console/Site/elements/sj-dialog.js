// @ts-check
import { html, render } from "../vendor/lit.js"

/**
 * Asks before something that cannot be undone. The browser's own dialog keeps the focus inside and gives it back.
 * @param {{ title: string, says: string, action: string }} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, says, action }) {
    return open((close) => html`
        <h2 id="dialog-title">${title}</h2>
        <p>${says}</p>
        <div class="actions">
            <button @click=${() => close("no")} autofocus>Keep</button>
            <button class="danger" @click=${() => close("yes")}>${action}</button>
        </div>`).then((answer) => answer === "yes")
}

/**
 * Shows something in a dialog until it is closed.
 * @param {(close: (answer?: string) => void) => unknown} content A template with an element `dialog-title`.
 * @returns {Promise<string>} What it was closed with; empty if with Escape.
 */
export function open(content) {
    const dialog = document.createElement("dialog")
    dialog.setAttribute("aria-labelledby", "dialog-title")
    document.body.append(dialog)
    render(content((answer) => dialog.close(answer)), dialog)
    dialog.showModal()
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close("")
    })
    // What it asks about is gone with the page.
    const leave = () => dialog.close("")
    window.addEventListener("hashchange", leave)
    return new Promise((resolve) => dialog.addEventListener("close", () => {
        window.removeEventListener("hashchange", leave)
        dialog.remove()
        resolve(dialog.returnValue)
    }))
}
