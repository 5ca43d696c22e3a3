// @ts-check
// Where things of a party's graph stand. Numbers alone: the same party and size give the same places.

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box Its middle, and how large it is. */

/** More than this, and names stand along their rays; less wide than this, in pixels, is a phone. */
export const mostSpread = 16, narrow = 480

/** How large a label of an edge may become; its place does not depend on what it says. */
export const labelSize = { width: 76, height: 16 }

/**
 * @typedef {object} Spot A member's place, and how its name stands there.
 * @property {Point} at
 * @property {Point} label
 * @property {"start" | "middle" | "end"} anchor
 * @property {number} turn In degrees, around `label`.
 */

/**
 * Places on a circle, or what the size makes of it, the first at the top.
 * @param {number} count
 * @param {Size} size
 * @returns {Spot[]}
 */
export function spotsOf(count, size) {
    const middle = { x: size.width / 2, y: size.height / 2 }
    const isMany = count > mostSpread
    const isNarrow = size.width < narrow
    const margin = isMany ? { x: 92, y: 92 } : isNarrow ? { x: 52, y: 56 } : { x: 150, y: 88 }
    const reach = { x: Math.max(40, middle.x - margin.x), y: Math.max(40, middle.y - margin.y) }
    if (isMany) reach.x = reach.y = Math.min(reach.x, reach.y)
    // Two stand beside each other: a line that lies has more room for its label.
    const first = count === 2 ? Math.PI : -Math.PI / 2
    return Array.from({ length: count }, (_, i) => {
        const angle = first + 2 * Math.PI * i / count
        const at = count === 1 ? middle
            : { x: middle.x + reach.x * Math.cos(angle), y: middle.y + reach.y * Math.sin(angle) }
        return isMany ? alongRay(at, angle) : beside(at, angle, linesOf(count, size), isNarrow || count === 1)
    })
}

/** How many lines are said of each member; the first is the name. @param {number} count @param {Size} size */
export const linesOf = (count, size) => count > mostSpread ? 1 : count > mostTold || size.width < narrow ? 2 : 4

const mostTold = 10, lineHeight = 14

const away = 14

/** @param {Point} at @param {number} angle @returns {Spot} */
function alongRay(at, angle) {
    const isLeft = Math.cos(angle) < -1e-9
    return {
        at,
        label: { x: at.x + away * Math.cos(angle), y: at.y + away * Math.sin(angle) },
        anchor: isLeft ? "end" : "start",
        turn: angle * 180 / Math.PI + (isLeft ? 180 : 0),
    }
}

/**
 * @param {Point} at
 * @param {number} angle
 * @param {number} lines
 * @param {boolean} isStacked
 * @returns {Spot}
 */
function beside(at, angle, lines, isStacked) {
    const [across, down] = [Math.cos(angle), Math.sin(angle)]
    if (!isStacked && Math.abs(across) > 0.3) {
        return {
            at, label: { x: at.x + Math.sign(across) * 24, y: at.y + 4 - (lines - 1) * lineHeight / 2 + down * 10 },
            anchor: across > 0 ? "start" : "end", turn: 0,
        }
    }
    const isAbove = down < -0.3
    return {
        at, label: { x: at.x, y: isAbove ? at.y - 24 - (lines - 1) * lineHeight : at.y + 30 },
        anchor: "middle", turn: 0,
    }
}

/** Where on an edge its label may stand, the middle first. */
const shares = [0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75]

/**
 * Where the labels of edges stand: on their edges, none upon another or upon a member.
 * @param {{ from: Point, to: Point }[]} edges
 * @param {Point[]} members
 * @returns {(Point | undefined)[]} Undefined where there is no room.
 */
export function labelsOf(edges, members) {
    /** @type {Box[]} */
    const taken = members.map((at) => ({ ...at, width: 40, height: 40 }))
    return edges.map(({ from, to }) => {
        const free = shares.map((share) => ({
            x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, ...labelSize,
        })).find((box) => taken.every((other) => !covers(box, other)))
        if (free) taken.push(free)
        return free
    })
}

/** @param {Box} one @param {Box} other */
const covers = (one, other) => Math.abs(one.x - other.x) * 2 < one.width + other.width
    && Math.abs(one.y - other.y) * 2 < one.height + other.height

/** A name that has so much room. @param {string} name @param {number} most In characters. */
export function shortened(name, most) {
    // A letter of two halves is not cut through.
    const letters = [...name]
    return letters.length <= most ? name : `${letters.slice(0, most - 1).join("").trimEnd()}…`
}
