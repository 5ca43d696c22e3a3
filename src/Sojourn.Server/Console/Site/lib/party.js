// @ts-check
// Parties as the server tells of them, in words for people.

import { oneDigit } from "./numbers.js"

/** @typedef {"none" | "connecting" | "direct" | "relay" | "webSocket"} Via */

/**
 * @typedef {"unknown" | "open" | "fullCone" | "restrictedCone" | "portRestrictedCone" | "symmetric" | "firewall"
 *   | "blocked"} NatKind
 */

/** @typedef {{ to: string, via: Via, latencyMs?: number, lossPercent: number, detail: string }} PathReport */

/**
 * @typedef {object} Member
 * @property {string} id
 * @property {string} name
 * @property {string} address
 * @property {string} joinedAt
 * @property {string} lastSeenAt
 * @property {{ kind: NatKind, evidence: string }} nat
 * @property {PathReport[]} paths
 */

/** @typedef {{ number: number, askedBy: string, endsAt: string, isOver: boolean, answers: Record<string, boolean>
 *  }} ReadyCheck */

/**
 * @typedef {object} Party
 * @property {string} name
 * @property {number} size
 * @property {string} subnet
 * @property {string} invitation
 * @property {string} passwordHash
 * @property {boolean} endsWithHost
 * @property {boolean} isLocked
 * @property {string} createdAt
 * @property {string} [endedAt]
 * @property {string} host Empty while nobody is there.
 * @property {Member[]} members In the order in which they came.
 * @property {{ member: string, name: string, at: string }[]} banned
 * @property {ReadyCheck} [readyCheck]
 */

/** @typedef {{ by: Member, path: PathReport }} Side How one of two reaches the other, as it says itself. */

/**
 * @typedef {object} Pair Two members, and the worse of what they say of the way between them.
 * @property {string} key
 * @property {Member} one
 * @property {Member} other
 * @property {Side[]} sides Whoever has said something.
 * @property {Via | undefined} via Undefined if neither has.
 * @property {number | undefined} latencyMs
 * @property {number} lossPercent
 */

/** From the best to the worst. @type {Via[]} */
const ways = ["direct", "relay", "webSocket", "connecting", "none"]

const spelled = {
    direct: "direct", relay: "relayed", webSocket: "over a WebSocket", connecting: "connecting", none: "no way",
}

const natKinds = {
    unknown: "NAT not known", open: "open", fullCone: "full cone NAT", restrictedCone: "restricted cone NAT",
    portRestrictedCone: "port-restricted cone NAT", symmetric: "symmetric NAT", firewall: "firewall",
    blocked: "UDP blocked",
}

/** @param {NatKind} kind */
export const natWords = (kind) => natKinds[kind] ?? kind

/** @param {Via} via */
export const viaWords = (via) => spelled[via] ?? via

/** @param {Party} party @param {string} id */
export const memberOf = (party, id) => party.members.find((member) => member.id === id)

/** All pairs of members, in the order in which they came. @param {Party} party @returns {Pair[]} */
export function pairsOf({ members }) {
    return members.flatMap((other, i) => members.slice(0, i).map((one) => pairOf(one, other)))
}

/** @param {Member} one @param {Member} other @returns {Pair} */
function pairOf(one, other) {
    const sides = [[one, other], [other, one]].flatMap(([by, to]) => {
        const path = by.paths.find((each) => each.to === to.id)
        return path ? [{ by, path }] : []
    })
    const worst = Math.max(...sides.map(({ path }) => ways.indexOf(path.via)))
    const latencies = sides.flatMap(({ path }) => path.latencyMs === undefined ? [] : [path.latencyMs])
    return {
        key: `${one.id} ${other.id}`, one, other, sides,
        via: ways[worst],
        latencyMs: latencies.length > 0 ? Math.max(...latencies) : undefined,
        lossPercent: Math.max(0, ...sides.map(({ path }) => path.lossPercent)),
    }
}

/** Whether anything gets through. @param {Pair} pair */
export const isOpen = ({ via }) => via === "direct" || via === "relay" || via === "webSocket"

/** Those that need somebody's eye come first. @param {Pair} one @param {Pair} other */
export const byTrouble = (one, other) => troubleOf(other) - troubleOf(one)

/** @param {Pair} pair */
const troubleOf = ({ via, latencyMs = 0, lossPercent }) =>
    (via === undefined ? ways.length : ways.indexOf(via)) * 1e6 + lossPercent * 1e3 + Math.min(999, latencyMs)

/** Of many, a figure tells no more than this. @param {number} milliseconds */
export const latency = (milliseconds) =>
    `${milliseconds < 10 ? oneDigit(milliseconds) : Math.round(milliseconds)} ms`

/** @param {number} percent */
export const loss = (percent) => `${oneDigit(percent)} %`

/** @param {Side} side */
const sideWords = ({ by, path: { via, latencyMs, lossPercent, detail } }) => `${by.name}: ${[
    viaWords(via) + (detail ? ` (${detail})` : ""),
    latencyMs === undefined ? "" : latency(latencyMs),
    isMeasured(via) ? `${loss(lossPercent)} lost` : "",
].filter((part) => part).join(", ")}`

/** @param {Via} via */
const isMeasured = (via) => via !== "none" && via !== "connecting"

/** What both say, a line each. @param {Pair} pair */
export const pairWords = ({ one, other, sides }) => [
    `${one.name} – ${other.name}`, ...sides.map(sideWords),
    ...sides.length === 1 ? [`${sides[0].by === one ? other.name : one.name} has said nothing yet`] : [],
].join("\n")

/**
 * What to expect of a pair that has no way yet: as `NatPairs.Between` and `NatPairs.Explain` have it.
 * @param {NatKind} one
 * @param {NatKind} other
 */
export function forecast(one, other) {
    if (one === "blocked" || other === "blocked") return "relayed over a WebSocket: UDP does not pass on one side"
    if (one === "unknown" || other === "unknown") {
        return isWide(one) || isWide(other) ? direct : "tried: one side's NAT is not known"
    }
    if (one !== "symmetric" && other !== "symmetric") return direct
    const weaker = one === "symmetric" ? other : one
    if (weaker === "symmetric") {
        return "relayed: both sides take another port for each destination, so neither can be told where to send"
    }
    return weaker === "portRestrictedCone" || weaker === "firewall"
        ? "direct if the symmetric side's next port is guessed, else relayed" : direct
}

const direct = "direct: both sides open the way from within"

/** @param {NatKind} kind */
const isWide = (kind) => kind === "open" || kind === "fullCone"

/** As people read it out, in fours. @param {string} invitation */
export const dashed = (invitation) => invitation.replace(/.{4}(?=.)/g, "$&-")

/** @param {string} invitation */
export const linkOf = (invitation) => `${new URL("..", location.href.split("#")[0]).href}#${dashed(invitation)}`

/** @param {string} invitation */
export const joinCommand = (invitation) => `sudo sojourn party join '${linkOf(invitation)}'`

/** Whether friends elsewhere cannot use links to this address. */
export const isLocalAddress = () => /^(localhost|127\.|\[::1\])|\.localhost$/.test(location.hostname)

// Crockford's: without i, l, o and u. There are 32, so that a byte's lowest bits choose evenly.
const letters = "0123456789abcdefghjkmnpqrstvwxyz"
const handleLength = 8, secretLength = 12

/**
 * Another code for the same party: its first letters find it and stay, the rest nobody can guess.
 * @param {Party} party
 */
export function newInvitation({ invitation }) {
    const secret = [...crypto.getRandomValues(new Uint8Array(secretLength))].map((byte) => letters[byte & 31])
    return invitation.slice(0, handleLength) + secret.join("")
}
