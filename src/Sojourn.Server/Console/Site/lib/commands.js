// @ts-check
// Commands sent from buttons: what the server says no with is shown as it says it.

import { newKey, Problem, send } from "./api.js"
import { toasts } from "./toasts.js"

/**
 * @param {import("./session-watch.js").SessionWatch} watch
 * @param {string} command
 * @param {unknown} [body]
 * @param {number} [version] What was looked at when it was chosen: nothing is done if the session has gone on since.
 * @returns {Promise<boolean>} False if it was refused, which is told.
 */
export async function sendTo(watch, command, body = {}, version) {
    try {
        const headers = version === undefined ? undefined : { "if-match": `"${version}"` }
        await send("POST", watch.path([command]), { body, headers, key: newKey() })
        return true
    } catch (fault) {
        const hasGoneOn = fault instanceof Problem && fault.type === "version-mismatch"
        toasts.bad(hasGoneOn ? "This went on elsewhere meanwhile, so nothing was done. Look again." : fault)
        return false
    } finally {
        watch.refresh()
    }
}
