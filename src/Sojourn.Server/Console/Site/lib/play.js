// @ts-check
// Play sessions and save slots as the server tells of them, in words for people. No rules are here.

import { count, oneDigit } from "./numbers.js"
import { duration } from "./times.js"

/** @typedef {"playing" | "interrupted" | "recovering" | "ended" | "archived"} PlayStatus */

/** @typedef {{ slot: string, generation: number }} BackupName */

/**
 * @typedef {object} Backup
 * @property {BackupName} name
 * @property {string} savedAt
 * @property {string} type
 * @property {"good" | "damaged" | "unknown"} validity
 * @property {number} ageSeconds
 * @property {number} lostSeconds
 * @property {number} attempts
 * @property {string} [reason]
 * @property {string} [description]
 */

/**
 * @typedef {object} Offer
 * @property {string} what
 * @property {string} noticedAt
 * @property {string} lastActivityAt
 * @property {string} [lastCheckpointAt]
 * @property {string} gameState
 * @property {string} resumeAt
 * @property {Backup[]} backups
 * @property {BackupName | null} [recommended]
 * @property {number} deferred
 * @property {string} archivedAt
 * @property {string} [lastFailure]
 */

/**
 * @typedef {object} Play What of a play session's state is shown.
 * @property {string} pilot
 * @property {string} [pilotName]
 * @property {string} game
 * @property {string} gameVersion
 * @property {string} device
 * @property {PlayStatus} status
 * @property {string} startedAt
 * @property {string} lastActivityAt
 * @property {string} [endedAt]
 * @property {"clean" | "takenOver" | "declined"} [end]
 * @property {boolean} autoSave
 * @property {number} autoSaveSeconds
 * @property {string} gameState
 * @property {string} gameStateAt
 * @property {{ number: number, at: string, why: string, slot?: string, generation?: number }} [checkpoint]
 * @property {{ done: number, failed: number, lastError?: string, lastAt?: string, lastSlot?: string }} saves
 * @property {Record<string, { slot: string, generation: number, savedAt: string, type: string, size: number }>} slots
 * @property {Offer} [offer]
 * @property {{ backup: BackupName, since: string, toTry: BackupName[] }} [recovery]
 * @property {number} recoveries
 */

/**
 * @typedef {object} CloudSave
 * @property {number} generation
 * @property {string} eTag
 * @property {string} storedAt
 * @property {number} size
 * @property {string} sha256
 * @property {boolean} screenshot
 * @property {number} [restoredFrom]
 * @property {{ savedAt?: string, type: string, name?: string, callsign?: string, pilotRank?: string,
 *   campaign?: string, mission?: string, description?: string, completion?: number, score?: number,
 *   missionsFlown?: number, realPlaySeconds?: number, gameVersion?: string, device?: string }} details
 */

/**
 * @typedef {object} CloudSlot
 * @property {string} game
 * @property {string} slot
 * @property {"kept" | "damaged"} status
 * @property {number} bytes
 * @property {CloudSave} [newest]
 * @property {CloudSave[]} older
 */

/** @typedef {{ bytes: number, maxBytes: number, slots: number, maxSlots: number }} CloudUsage */

/** A word of the wire in words: `missionComplete` is "mission complete". @param {string} name */
export const words = (name) => name.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase())

/** @param {string} slot */
export const slotName = (slot) => slot === "quick" ? "Quick save" : slot === "auto" ? "Automatic save" : `Slot ${slot}`

/** @param {BackupName} name */
export const backupName = (name) => `${slotName(name.slot)}, generation ${name.generation}`

/** @param {number} seconds */
export const lasting = (seconds) => duration(seconds * 1000)

/** What would be lost, in words. @param {number} seconds */
export const loss = (seconds) => seconds < 1 ? "nothing is lost" : `${lasting(seconds)} of play would be lost`

/** How long it has been played so far. @param {Play} play */
export function played(play) {
    const end = play.endedAt ? Date.parse(play.endedAt)
        : play.status === "playing" ? Date.now() : Date.parse(play.lastActivityAt)
    return duration(Math.max(0, end - Date.parse(play.startedAt)))
}

/** What a save is about, from the more to the less telling. @param {CloudSave} save */
export function about(save) {
    const { details } = save
    return [
        details.campaign,
        details.mission && `mission ${details.mission}`,
        details.completion === undefined ? undefined : `${oneDigit(details.completion * 100)} % done`,
        details.missionsFlown === undefined ? undefined : `${count(details.missionsFlown)} flown`,
        details.score === undefined ? undefined : `score ${count(details.score)}`,
        details.realPlaySeconds === undefined ? undefined : `${lasting(details.realPlaySeconds)} played`,
    ].filter((part) => part).join(" · ")
}

/** Who saved it, and where. @param {CloudSave} save */
export function origin({ details }) {
    const pilot = [details.pilotRank, details.callsign].filter((part) => part).join(" ")
    return [pilot, details.device && `on ${details.device}`, details.gameVersion && `version ${details.gameVersion}`]
        .filter((part) => part).join(", ")
}

/** When it was saved: by the game's clock, else by the server's. @param {CloudSave} save */
export const savedAt = (save) => save.details.savedAt ?? save.storedAt
