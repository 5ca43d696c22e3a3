// @ts-check
// How the server is: its statistics and its health, asked for every few seconds while anybody looks.

import { getJson, pause, Problem } from "./api.js"

/** @typedef {import("./types.js").Stats} Stats */
/** @typedef {import("./types.js").Health} Health */

const pace = 2000
export const mostPoints = 60

/** Fires "change" with each round. */
export class Vitals extends EventTarget {
    /** @type {Stats | undefined} */
    stats
    /** @type {Health | undefined} */
    health
    /** Per second, oldest first. */
    commands = /** @type {number[]} */ ([])
    /** Per second, oldest first. */
    commits = /** @type {number[]} */ ([])

    /** @param {AbortSignal} signal */
    async run(signal) {
        while (!signal.aborted) {
            try {
                if (!document.hidden) await this.#read(signal)
                await pause(pace, signal)
            } catch (fault) {
                if (signal.aborted) return
                // What could not be read is read with the next round; the banner says if the server is away.
                await pause(pace, signal).catch(() => {})
                if (fault instanceof Problem && fault.status === 401) return
            }
        }
    }

    /** @param {AbortSignal} signal */
    async #read(signal) {
        const before = this.stats
        const [stats, health] = await Promise.all([
            /** @type {Promise<Stats>} */ (getJson("/v1/stats", signal)),
            /** @type {Promise<Health>} */ (getJson("/health/ready", signal)).catch(asHealth),
        ])
        this.stats = stats
        this.health = health
        // Counters begin anew with each start of the server.
        if (before?.startedAt === stats.startedAt) this.#addRates(before, stats)
        this.dispatchEvent(new Event("change"))
    }

    /**
     * @param {Stats} before
     * @param {Stats} now
     */
    #addRates(before, now) {
        const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000
        if (seconds <= 0) return
        const rate = (/** @type {number} */ one, /** @type {number} */ other) => Math.max(0, (other - one) / seconds)
        this.commands = [...this.commands, rate(commandsOf(before), commandsOf(now))].slice(-mostPoints)
        this.commits = [...this.commits, rate(before.store?.commits ?? 0, now.store?.commits ?? 0)].slice(-mostPoints)
    }
}

/** @param {Stats} stats */
const commandsOf = (stats) => stats.kinds.reduce((sum, kind) => sum + (kind.activity?.commands ?? 0), 0)

/** @param {unknown} fault @returns {Health} */
function asHealth(fault) {
    if (!(fault instanceof Problem) || fault.isLost) throw fault
    return { level: "critical", findings: [{ level: "critical", code: fault.type, message: fault.message }] }
}
