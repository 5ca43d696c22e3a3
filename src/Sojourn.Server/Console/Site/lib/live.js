// @ts-check
// Keeps reading something that stays open: comes back after every break, at once when the network or the page does.

import { ask, isAbort, pause, Problem } from "./api.js"
import { connection } from "./connection.js"
import { eventsOf } from "./sse.js"

const shortest = 500, longest = 10_000

/** A server that is stopping is gone, or back, within its grace time; after that it is just away. */
const longestStop = 30_000

/** Browsers open six connections to a server, for all pages together: a page that nobody sees lets go of its own. */
const hiddenFor = 5000

/**
 * @typedef {object} Reading
 * @property {() => string} path Asked anew for each attempt, with the offset that was reached.
 * @property {(isBack: boolean) => Promise<string | void> | string | void} [opened] The answer's head is here: nothing
 *   is missed from now on. Says what was missed, for the banner, if the connection was lost before.
 * @property {(event: import("./sse.js").ServerEvent) => Promise<void> | void} take The next event waits for it.
 * @property {(problem: Problem) => boolean} [failed] True if there is no sense in trying again.
 * @property {() => boolean} [ended] The answer ended by itself; true if that was the end.
 */

/**
 * Reads until the signal, or until the reading says that it is over. Never throws.
 * @param {Reading} reading
 * @param {AbortSignal} signal
 */
export async function follow(reading, signal) {
    const state = { wasOpen: false, wasEnded: false, tries: 0, lostAt: 0, says: "", isStopping: false }
    try {
        while (!signal.aborted && !await attempt(reading, state, signal)) {
            if (document.hidden) {
                connection.forget(reading)
                await untilShown(signal)
                state.lostAt = 0
                continue
            }
            if (state.tries === 0) continue
            const wait = waitBefore(state.tries)
            const is = state.isStopping ? "stopping" : "reconnecting"
            connection.tell(reading, { is, since: state.lostAt, nextTry: Date.now() + wait, says: state.says })
            await pauseOrWake(wait, signal)
        }
    } catch (fault) {
        if (!signal.aborted) throw fault
    } finally {
        connection.forget(reading)
    }
}

/**
 * @param {Reading} reading
 * @param {{ wasOpen: boolean, wasEnded: boolean, tries: number, lostAt: number, says: string, isStopping: boolean
 *  }} state
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} True if it is over.
 */
async function attempt(reading, state, signal) {
    const breaker = new AbortController()
    const stop = AbortSignal.any([signal, breaker.signal])
    const unwatch = breakWhenHidden(breaker)
    if (!state.wasOpen) connection.tell(reading, { is: "connecting" })
    const begun = Date.now()
    try {
        const response = await ask("GET", reading.path(), { headers: { accept: "text/event-stream" }, signal: stop })
        const missed = await reading.opened?.(state.wasOpen)
        connection.tell(reading, { is: "live" })
        if (state.lostAt > 0 && typeof missed === "string") connection.caughtUp(missed)
        Object.assign(state, { wasOpen: true, wasEnded: false, tries: 0, lostAt: 0 })
        for await (const event of eventsOf(response)) {
            if (signal.aborted) return true
            await reading.take(event)
        }
        if (reading.ended?.()) return true
        // It ended cleanly: asked again at once, the server is back, or says why. But not again and again.
        state.lostAt ||= Date.now()
        state.wasEnded = true
        if (Date.now() - begun < shortest) state.tries++
        return false
    } catch (fault) {
        if (signal.aborted) return true
        if (fault instanceof Problem && !fault.isLost && (isFinal(fault) || reading.failed?.(fault))) return true
        // A server that dies breaks its answers off; one that is told to stop ends them first.
        const hasJustEnded = state.wasEnded && Date.now() < state.lostAt + longestStop
        state.isStopping = fault instanceof Problem
            && (fault.type === "stopping" || (fault.isLost && hasJustEnded))
        state.says = fault instanceof Problem && !fault.isLost ? fault.message : ""
        if (!isAbort(fault)) state.tries++
        state.lostAt ||= Date.now()
        return false
    } finally {
        unwatch()
        breaker.abort()
    }
}

/** How long to wait before a try, so that a server that is back is not met by all at once. @param {number} tries */
export const waitBefore = (tries) => Math.min(longest, shortest * 2 ** (tries - 1)) * (0.75 + Math.random() / 2)

/** @param {Problem} problem */
const isFinal = (problem) => problem.status === 401 || problem.status === 403

/** @param {AbortController} breaker */
function breakWhenHidden(breaker) {
    let timer = 0
    const look = () => {
        clearTimeout(timer)
        if (document.hidden) timer = window.setTimeout(() => breaker.abort(), hiddenFor)
    }
    look()
    document.addEventListener("visibilitychange", look)
    return () => {
        clearTimeout(timer)
        document.removeEventListener("visibilitychange", look)
    }
}

/** @param {AbortSignal} signal */
function untilShown(signal) {
    return new Promise((resolve, reject) => {
        const look = () => {
            if (document.hidden && !signal.aborted) return
            document.removeEventListener("visibilitychange", look)
            if (signal.aborted) reject(signal.reason)
            else resolve(undefined)
        }
        document.addEventListener("visibilitychange", look)
        signal.addEventListener("abort", look, { once: true })
        look()
    })
}

/**
 * Waits, but not longer than until the network or the page is back, or somebody wants it tried now.
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
export async function pauseOrWake(milliseconds, signal) {
    const woken = new AbortController()
    const wake = () => woken.abort()
    window.addEventListener("online", wake)
    window.addEventListener("sojourn-try-now", wake)
    document.addEventListener("visibilitychange", wake)
    try {
        await pause(milliseconds, AbortSignal.any([signal, woken.signal]))
    } catch (fault) {
        if (signal.aborted) throw fault
    } finally {
        window.removeEventListener("online", wake)
        window.removeEventListener("sojourn-try-now", wake)
        document.removeEventListener("visibilitychange", wake)
    }
}
