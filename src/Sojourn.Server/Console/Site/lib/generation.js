// @ts-check
// A generation as its state and events tell it, and how long it takes.

/** @typedef {import("./types.js").SessionEvent} SessionEvent */

/**
 * @typedef {object} Scene
 * @property {number} number
 * @property {string} title
 * @property {string} description
 * @property {string} imagePrompt
 * @property {string} excerpt
 * @property {{ entry: number, mediaType: string, bytes: number, sha256: string }} picture
 * @property {boolean} pictureIsStale
 * @property {string[]} edited
 * @property {boolean} isApproved
 * @property {number} revision
 */

/**
 * @typedef {object} Generation
 * @property {{ storyText: string, mediaType: string, numScenes: number }} request
 * @property {"pending" | "processing" | "downloading" | "completed" | "failed" | "cancelled"} status
 * @property {number} run
 * @property {{ what: string, scenes?: number[] | null } | null} [work]
 * @property {{ words: number, characters: string[], places: string[], themes: string[], estimatedScenes: number,
 *   readingMinutes: number } | null} [analysis]
 * @property {{ number: number, start: number, length: number }[]} plan
 * @property {{ number: number, revision: number, text: { title: string, description: string } } | null} [draft]
 * @property {Scene[]} scenes
 * @property {number[]} approvedScenes
 * @property {string | null} [error]
 * @property {string | null} [startedAt]
 * @property {string | null} [endedAt]
 * @property {{ calls: number, promptTokens: number, completionTokens: number, images: number, cost: number }} usage
 * @property {{ piece: string, scene?: number | null, reason: string }[]} fallbacks
 * @property {{ currentStep: number, totalSteps: number, percentage: number, description: string }} progress
 */

/** @param {Generation} generation */
export const isBusy = ({ status }) => status === "pending" || status === "processing" || status === "downloading"

/** Which scenes are being worked on anew, or approved. @param {Generation} generation */
export const inWork = (generation) => new Set(isBusy(generation) ? generation.work?.scenes ?? [] : [])

const steps = new Set(["scenes-planned", "scene-made"])
const newestSteps = 5
const patience = 5000

/**
 * How long the run that is on, or was the last, has taken, and what may be left of it.
 * @param {Generation} generation
 * @param {SessionEvent[]} events Oldest first.
 * @param {number} now
 * @returns {{ elapsed: number | undefined, remaining: number | undefined }} In milliseconds; undefined if not known.
 */
export function timesOf(generation, events, now) {
    const ofRun = events.filter(({ data }) => /** @type {{ run?: number }} */ (data)?.run === generation.run)
    const started = ofRun.find(({ type }) => type === "generation-started")?.at
        ?? (generation.run === 1 ? generation.startedAt : undefined)
    // Checking what was approved has no start of its own.
    const began = started ?? (generation.status === "pending" ? undefined : ofRun[0]?.at)
    if (!began) return { elapsed: undefined, remaining: undefined }
    const until = isBusy(generation) || !generation.endedAt ? now : Date.parse(generation.endedAt)
    const made = ofRun.filter(({ type }) => steps.has(type)).map(({ at }) => Date.parse(at))
    return {
        elapsed: Math.max(0, until - Date.parse(began)),
        remaining: generation.status === "processing" ? remaining(generation, made, now) : undefined,
    }
}

/**
 * As the newest scenes took in the median, so that one that a stopped server held up does not count for much.
 * @param {Generation} generation
 * @param {number[]} made When this run's steps were done.
 * @param {number} now
 */
function remaining({ request, scenes, work }, made, now) {
    const paces = made.slice(1).map((at, i) => at - made[i]).slice(-newestSteps).sort((one, other) => one - other)
    if (paces.length === 0 || work?.what !== "storyboard") return undefined
    const pace = paces[Math.floor(paces.length / 2)]
    const spent = Math.max(0, now - made[made.length - 1])
    // Something holds this one up: what the others took says nothing about it.
    if (spent > 2 * pace + patience) return undefined
    return (request.numScenes - scenes.length) * pace - Math.min(pace, spent)
}

/** How long something has taken, such as "1 min 5 s". @param {number} milliseconds */
export function took(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000)
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    if (hours > 0) return `${hours} h ${minutes} min`
    if (minutes > 0) return `${minutes} min ${seconds % 60} s`
    return seconds > 0 ? `${seconds} s` : "under 1 s"
}

/** How long something may still take; no more exact than it is known. @param {number} milliseconds */
export function about(milliseconds) {
    const seconds = milliseconds / 1000
    if (seconds < 5) return "a few seconds"
    if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s`
    return seconds < 3570 ? `about ${Math.ceil(seconds / 60)} min` : `about ${Math.ceil(seconds / 1800) / 2} h`
}
