// @ts-check
// Cosmic Explorer as the server tells of it: what can be done, and the map as its player knows it. No rules are here.

import { ask } from "./api.js"

/** @typedef {import("./types.js").SessionEvent} SessionEvent */
/** @typedef {import("./session-watch.js").SessionWatch} SessionWatch */

/** @typedef {"playing" | "choosing" | "fighting" | "won" | "lost"} GameStatus */

/**
 * @typedef {object} Game What of a game's state is shown as it is.
 * @property {string} pilot
 * @property {{ name: string }} rules
 * @property {number} mapSeed
 * @property {number} hull
 * @property {number} health
 * @property {number} fuel
 * @property {number} food
 * @property {{ type: string, value: number, turns: number }[]} effects
 * @property {string[]} completedQuests
 * @property {{ id: string, title: string, text: string } | null} [encounter]
 * @property {{ victory: boolean, reason: string, text: string } | null} [ending]
 * @property {Record<string, number>} statistics
 */

/**
 * @typedef {object} GameAction
 * @property {string} command
 * @property {Record<string, string | number>} parameters
 * @property {string} group
 * @property {string} title
 * @property {boolean} available
 * @property {string} [why]
 * @property {number} [credits]
 * @property {number} [fuel]
 * @property {number} [turns]
 * @property {number} [chance]
 * @property {string} [detail]
 * @property {string} [warning]
 */

/** @typedef {{ id: string, name: string }} Fitted */

/**
 * @typedef {object} GameOptions
 * @property {{ node: string, name: string, type: string, region: string, regionName: string, danger: number,
 *   hasRepair: boolean, market?: string }} place
 * @property {{ wealth: number, victoryWealth: number, turn: number, maxTurns: number }} goal
 * @property {Record<"maxHull" | "cargoCapacity" | "cargoUsed" | "fuelEfficiency" | "speed" | "combatPower" | "accuracy"
 *   | "miningYield" | "salvageChance" | "scanBonus" | "hullRepair", number>} stats
 * @property {string} ship
 * @property {{ type: string, slots: number, fitted: Fitted[] }[]} slots
 * @property {number} maxFuel
 * @property {number} maxHealth
 * @property {{ item: string, name: string, quantity: number, weight: number, price?: number }[]} cargo
 * @property {GameAction[]} actions
 * @property {{ hp: number, maxHp: number, flying: boolean, augmentations: Fitted[] }} [pod]
 * @property {{ enemy: string, name: string, hp: number, maxHp: number, round: number }} [fight]
 * @property {{ id: string, name: string, target: string, targetName: string, dueTurn: number }} [quest]
 */

/**
 * @typedef {object} MapRegion
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {string} [name]
 * @property {string} [type]
 * @property {string[]} neighbours
 * @property {boolean} discovered
 * @property {boolean} here
 * @property {boolean} reachable
 * @property {number} [jumpFuel]
 */

/**
 * @typedef {object} MapNode
 * @property {string} id
 * @property {string} region
 * @property {number} x
 * @property {number} y
 * @property {string} [name]
 * @property {string} [type]
 * @property {number} [danger]
 * @property {boolean} [hasRepair]
 * @property {string} [market]
 * @property {string[]} neighbours
 * @property {boolean} discovered
 * @property {boolean} visited
 * @property {boolean} here
 * @property {boolean} reachable
 * @property {number} [hopFuel]
 * @property {boolean} quest
 */

/** @typedef {{ regions: MapRegion[], nodes: MapNode[] }} GameMap */

/**
 * @typedef {{ version: number, createdAt: string, status: GameStatus, game: Game, options: GameOptions,
 *   map: GameMap }} Shown
 */

const mostTries = 5

/**
 * A game with all that follows from it, every part of the same version.
 * @param {SessionWatch} watch
 * @param {AbortSignal} signal
 * @returns {Promise<Shown>}
 */
export async function readGame(watch, signal) {
    for (let tries = 1; ; tries++) {
        const answers = await Promise.all([[], ["options"], ["map"]].map((below) =>
            ask("GET", watch.path(below), { signal })))
        const [session, options, map] = await Promise.all(answers.map((answer) => answer.json()))
        const tags = new Set(answers.map((answer) => answer.headers.get("etag")))
        // Somebody else may play the same game; what does not fit together is read again.
        if (tags.size === 1 || tries === mostTries) {
            const { version, createdAt, status, state } = session
            return { version, createdAt, status, game: { ...state, pilot: harmless(state.pilot) }, options, map }
        }
    }
}

/** @typedef {"info" | "success" | "warning" | "danger"} Tone */

/** @type {Record<string, Tone>} */
const tones = {
    "harmed": "danger", "fight-began": "danger", "ejected": "danger", "quest-failed": "warning",
    "encounter-met": "warning", "sold": "success", "quest-completed": "success", "region-reached": "success",
    "repaired": "success", "quest-accepted": "success", "mined": "success", "salvaged": "success",
}

/** @param {SessionEvent} event @returns {Tone} */
export function toneOf({ type, data }) {
    const told = /** @type {{ ending?: { victory: boolean }, damageDealt?: number, how?: string }} */ (data)
    if (type === "game-ended") return told.ending?.victory ? "success" : "danger"
    if (type === "round-fought") return told.damageDealt ? "success" : "info"
    if (type === "fight-ended") return told.how === "lost" ? "danger" : "success"
    return tones[type] ?? "info"
}

/** Without the marks by which a pilot's name could turn what stands around it. @param {string} text */
const harmless = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")

/** @param {SessionEvent} event */
export const textOf = ({ data }) => harmless(String(/** @type {{ text?: unknown }} */ (data)?.text ?? ""))

const apart = new Set(["encounter-met", "game-ended"])

const gravest = /** @type {const} */ (["danger", "warning", "success", "info"])

/**
 * What the newest action came to: it may have been done in another window.
 * @param {SessionEvent[]} events Oldest first.
 * @returns {{ tone: Tone, text: string }} What must be answered, and how a game ended, is told by itself.
 */
export function newest(events) {
    const version = events.at(-1)?.version
    const told = events.filter((event) => event.version === version && textOf(event) !== "" && !apart.has(event.type))
    const all = new Set(told.map(toneOf))
    return { tone: gravest.find((tone) => all.has(tone)) ?? "info", text: told.map(textOf).join(" ") }
}

/** @typedef {"low" | "medium" | "high"} Danger */

/** @param {number | undefined} danger 0 to 1. @returns {Danger} */
export const dangerOf = (danger = 0) => danger < 1 / 3 ? "low" : danger < 2 / 3 ? "medium" : "high"

/** A name on the wire as people would write it, such as "asteroid field". @param {string} name */
export const words = (name) => name.replaceAll("_", " ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** @param {number} part 0 to 1. */
export const percent = (part) => `${Math.round(part * 100)} %`

/**
 * Asks whoever listens to do something.
 * @param {EventTarget} from
 * @param {GameAction} action
 * @param {Record<string, string | number>} [parameters] In place of those that it has.
 */
export function act(from, action, parameters = action.parameters) {
    from.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { action, parameters } }))
}
