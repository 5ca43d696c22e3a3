// @ts-check
// Commands sent from buttons: what the server says no with is shown as it says it.

import { newKey, send } from "./api.js"
import { toasts } from "./toasts.js"

/**
 * @param {import("./session-watch.js").SessionWatch} watch
 * @param {string} command
 * @param {unknown} [body]
 * @returns {Promise<boolean>} False if it was refused, which is told.
 */
export async function sendTo(watch, command, body = {}) {
    try {
        await send("POST", watch.path([command]), { body, key: newKey() })
        return true
    } catch (fault) {
        toasts.bad(fault)
        return false
    } finally {
        watch.refresh()
    }
}
