// @ts-check
// Where on the screen what of the map is.

/** @typedef {import("./explorer.js").GameMap} GameMap */
/** @typedef {import("./explorer.js").MapNode} MapNode */
/** @typedef {import("./explorer.js").MapRegion} MapRegion */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ width: number, height: number }} Size */

/**
 * @typedef {object} View
 * @property {number} scale Pixels for a unit of the map.
 * @property {(at: Point) => Point} place
 */

const closest = 3.2

/**
 * Shows some points as large as they fit.
 * @param {Point[]} points
 * @param {Size} size In pixels.
 * @param {{ x: number, y: number }} margin In pixels, on each side.
 * @returns {View}
 */
export function viewOf(points, { width, height }, margin) {
    const xs = points.map(({ x }) => x), ys = points.map(({ y }) => y)
    const [left, right] = [Math.min(...xs), Math.max(...xs)]
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)]
    const across = (width - 2 * margin.x) / Math.max(1, right - left)
    const down = (height - 2 * margin.y) / Math.max(1, bottom - top)
    const scale = Math.max(0.1, Math.min(across, down, closest))
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
    return {
        scale,
        place: ({ x, y }) => ({
            x: Math.round(width / 2 + (x - middle.x) * scale),
            y: Math.round(height / 2 + (y - middle.y) * scale),
        }),
    }
}

/**
 * Moves what is too close together apart, so that each can be hit, and leaves the rest where it is.
 * @param {Point[]} points
 * @param {number} least In pixels, from middle to middle.
 * @param {Size} size
 * @returns {Point[]} In the same order.
 */
export function apart(points, least, { width, height }) {
    const spots = points.map(({ x, y }) => ({ x, y }))
    const within = (/** @type {number} */ at, /** @type {number} */ most) =>
        Math.max(least / 2, Math.min(most - least / 2, at))
    for (let round = 0; round < mostRounds; round++) {
        let isDone = true
        for (const [i, one] of spots.entries()) {
            for (const other of spots.slice(i + 1)) {
                const [dx, dy] = [other.x - one.x, other.y - one.y]
                const far = Math.hypot(dx, dy)
                if (far >= least) continue
                isDone = false
                // Of two upon each other, one goes to the right.
                const [x, y] = far === 0 ? [1, 0] : [dx / far, dy / far]
                const by = (least - far) / 2 + 0.5
                Object.assign(one, { x: within(one.x - x * by, width), y: within(one.y - y * by, height) })
                Object.assign(other, { x: within(other.x + x * by, width), y: within(other.y + y * by, height) })
            }
        }
        if (isDone) break
    }
    return spots.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }))
}

const mostRounds = 50

/** @typedef {{ x: number, y: number, width: number, height: number }} Box Its middle, and how large it is. */
/** @typedef {{ at: Point, name: string, lines: number, here: boolean }} Named */

/** By how much two boxes cover each other. @param {Box} one @param {Box} other */
function covered(one, other) {
    const across = (one.width + other.width) / 2 - Math.abs(one.x - other.x)
    const down = (one.height + other.height) / 2 - Math.abs(one.y - other.y)
    return Math.max(0, across) * Math.max(0, down)
}

const placeSize = 46, lineHeight = 14, letterWidth = 7.1

/**
 * Where the names of places stand: below, above or beside them, where they hide least, and never beyond the rim.
 * @param {Named[]} places
 * @param {Size} size
 * @returns {Point[]} From each place to the middle of its name's first line, in the same order.
 */
export function namesOf(places, size) {
    const bodies = places.map(bodyOf)
    const choices = places.map((place) => choicesOf(place, size))
    const names = choices.map(([below]) => below)
    // Each looks for a better place as long as one is found; what was put first may be in the way of what follows.
    for (let round = 0; round < mostMoves; round++) {
        for (const [i, own] of choices.entries()) {
            const others = [...bodies, ...names.filter((_, other) => other !== i)]
            const hides = own.map((box) => hidden(box, others, size))
            names[i] = own[hides.indexOf(Math.min(...hides))]
        }
    }
    return names.map((box, i) => ({
        x: Math.round(box.x - places[i].at.x),
        y: Math.round(box.y - places[i].at.y - (places[i].lines - 1) * lineHeight / 2 + 4),
    }))
}

const mostMoves = 3

/** Above a place that the ship is at. */
const shipHeight = 14

/** @param {Named} place @returns {Box} */
const bodyOf = ({ at: { x, y }, here }) => here
    ? { x, y: y - shipHeight / 2, width: placeSize, height: placeSize + shipHeight }
    : { x, y, width: placeSize, height: placeSize }

/** @param {Named} place @param {Size} size @returns {Box[]} The first is the usual one. */
function choicesOf({ at, name, lines, here }, size) {
    const box = { width: name.length * letterWidth, height: lines * lineHeight }
    const [beside, below] = [(placeSize + box.width) / 2, (placeSize + box.height) / 2]
    return [[0, below], [0, -below - (here ? shipHeight : 0)], [beside, 0], [-beside, 0]].map(([x, y]) => ({
        x: Math.max(box.width / 2 + 2, Math.min(size.width - box.width / 2 - 2, at.x + x)), y: at.y + y, ...box,
    }))
}

/**
 * How much of a name, or of what it stands upon, could not be read.
 * @param {Box} box
 * @param {Box[]} others
 * @param {Size} size
 */
const hidden = (box, others, size) => others.reduce((sum, other) => sum + covered(box, other), 0)
    + Math.max(0, box.y + box.height / 2 - size.height, box.height / 2 - box.y) * box.width

/**
 * Every way once.
 * @template {{ id: string, neighbours: string[] }} T
 * @param {T[]} all
 * @returns {[T, T][]}
 */
export function waysOf(all) {
    const byId = new Map(all.map((each) => [each.id, each]))
    /** @type {Map<string, [T, T]>} */
    const ways = new Map()
    for (const from of all) {
        for (const id of from.neighbours) {
            const to = byId.get(id)
            if (to) ways.set([from.id, to.id].sort().join("/"), [from, to])
        }
    }
    return [...ways.values()]
}

/** How far a region reaches, in units of the map. @param {GameMap} map @param {MapRegion} region */
export const reachOf = ({ nodes }, region) => Math.max(60, ...nodes.filter((node) => node.region === region.id)
    .map((node) => Math.hypot(node.x - region.x, node.y - region.y)))

const signHeight = 38
const rim = 8

/** So wide is a sign with this name on it, letters being measured generously. @param {string} name */
export const signWidth = (name) => Math.max(104, Math.round(name.length * 7.2 + 20))

/**
 * Where signs to other regions stand: at the upper or lower rim, in their direction, none upon another.
 * @param {MapRegion} from
 * @param {MapRegion[]} regions
 * @param {Size} size
 * @returns {{ region: MapRegion, at: Point, width: number, height: number }[]}
 */
export function signsOf(from, regions, { width, height }) {
    const signs = regions.map((region) => {
        const sign = { width: signWidth(region.name ?? ""), height: signHeight }
        const most = { x: width / 2 - sign.width / 2 - rim, y: height / 2 - sign.height / 2 - rim }
        const [dx, dy] = [region.x - from.x, region.y - from.y]
        const far = Math.min(most.x / Math.max(1e-6, Math.abs(dx)), most.y / Math.max(1e-6, Math.abs(dy)))
        return { region, at: { x: width / 2 + dx * far, y: height / 2 + (dy > 0 ? most.y : -most.y) }, ...sign }
    })
    for (const isLower of [false, true]) {
        const row = signs.filter(({ at }) => at.y > height / 2 === isLower).sort((one, other) => one.at.x - other.at.x)
        let free = rim
        for (const { at, width: own } of row) {
            at.x = Math.max(at.x, free + own / 2)
            free = at.x + own / 2 + rim
        }
        // Pushed beyond the rim: the last go back.
        let end = width - rim
        for (const { at, width: own } of row.toReversed()) {
            at.x = Math.min(at.x, end - own / 2)
            end = at.x - own / 2 - rim
        }
    }
    return signs
}

/** @type {Record<string, Point>} */
export const directions = {
    ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
}

/**
 * The nearest in a direction, as arrow keys look for it.
 * @template {{ at: Point }} T
 * @param {Point} from
 * @param {Point} direction
 * @param {T[]} all
 * @returns {T | undefined}
 */
export function nearest(from, direction, all) {
    /** @type {{ one: T | undefined, cost: number }} */
    const best = { one: undefined, cost: Infinity }
    for (const one of all) {
        const [dx, dy] = [one.at.x - from.x, one.at.y - from.y]
        const ahead = dx * direction.x + dy * direction.y
        const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x)
        const cost = ahead + 2 * aside
        if (ahead > 1 && aside <= 2 * ahead && cost < best.cost) Object.assign(best, { one, cost })
    }
    return best.one
}

/** Stars to fly through, the same for the same seed. @param {number} count @param {Size} size */
export function starsOf(count, { width, height }) {
    let seed = 20_260
    const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    return Array.from({ length: count }, () => ({
        x: Math.round(next() * width), y: Math.round(next() * height), r: 0.4 + Math.round(next() * 8) / 10,
    }))
}
