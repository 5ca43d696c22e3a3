// @ts-check
// Shapes of the API's JSON, as docs/http.md has them.

/**
 * @typedef {object} SessionRow A session as lists have it.
 * @property {string} id
 * @property {string} kind
 * @property {string} owner
 * @property {string} status
 * @property {boolean} busy
 * @property {boolean} final
 * @property {number} version
 * @property {number} durableVersion
 * @property {string} lastEvent
 * @property {string} createdAt
 * @property {string} lastActivityAt
 * @property {string} [expiresAt]
 * @property {Record<string, string>} labels
 */

/** @typedef {{ first: number, last: number, bytes: number }} StreamTail */

/** @typedef {SessionRow & { state: unknown, streams: Record<string, StreamTail> }} Session */

/** @typedef {{ offset: string, type: string, at: string, version: number, data: unknown }} SessionEvent */

/** @typedef {{ events: SessionEvent[], snapshot?: Session, next: string, upToDate: boolean }} EventPage */

/** @typedef {{ owner: string, admin: boolean, version: string }} Me */

/**
 * @typedef {object} KindStats
 * @property {string} kind
 * @property {number} sessions
 * @property {Record<string, number>} byStatus
 * @property {number} bytes
 * @property {number} [maxSessions]
 * @property {number} [usage]
 * @property {number} stuck
 * @property {{ commands: number, failed: number, created: number, inMemory: number }} [activity]
 */

/**
 * @typedef {object} StoreStats
 * @property {number} pendingSteps
 * @property {number} pendingBytes
 * @property {number} commits
 * @property {number} changes
 * @property {number} lastCommitSeconds
 * @property {number} lagChanges
 * @property {number} lagBytes
 * @property {boolean} failing
 */

/** @typedef {{ owner?: string, startedAt: string, at: string, kinds: KindStats[], store?: StoreStats }} Stats */

/** @typedef {{ level: string, code: string, message: string }} Finding */

/** @typedef {{ level: string, findings: Finding[] }} Health */

export {}
