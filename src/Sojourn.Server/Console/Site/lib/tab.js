// @ts-check
// What this tab calls itself towards others who look at the same agent, and the numbers of what is typed in it.

import { login } from "./me.js"

const place = "sojourn-tab", placeOfLast = "sojourn-tab-typed"

const longestOwner = 30

/** As long as the page lives: who is let in by it knows that no other page has the name. @type {string | undefined} */
let code

/** Longer ago than any lock of a page that is being left. */
const longestWait = 300

/** A page that was loaded anew is the same tab: the lock of what was left comes free, however busy the browser is. */
const longestWaitAnew = 10_000

/** Over plain HTTP from another machine browsers have no locks: the pages themselves are asked, and answer at once. */
const pages = navigator.locks ? undefined : new BroadcastChannel(place)

/**
 * The tab's name: it stays when the page is loaded anew. A tab that was duplicated has another than the one that it was
 * made from.
 */
export async function tabName() {
    code ??= await ownCode()
    return `${(login.me?.owner ?? "somebody").slice(0, longestOwner)} ${code}`
}

async function ownCode() {
    const before = read()
    if (before && await isFree(before)) return before
    const bytes = crypto.getRandomValues(new Uint8Array(3))
    const made = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("")
    if (pages) claim(made, pages)
    else await lock(made)
    keep(place, made)
    return made
}

function read() {
    const name = kept(place)
    return /^[0-9a-f]{6}$/.test(name) ? name : undefined
}

/** @param {string} where @returns {string} */
function kept(where) {
    try {
        return sessionStorage.getItem(where) ?? ""
    } catch {
        return ""
    }
}

/** @param {string} where @param {string} what */
function keep(where, what) {
    try {
        sessionStorage.setItem(where, what)
    } catch {
        // Browsers can be told to keep nothing; then it holds until the page is loaded anew.
    }
}

/** Takes the name for as long as this page lives. @param {string} name @returns {Promise<boolean>} */
function isFree(name) {
    return pages ? isUnclaimed(name, pages) : isUnlocked(name)
}

/** @param {string} name @returns {Promise<boolean>} */
function isUnlocked(name) {
    const wait = isLoadedAnew() ? longestWaitAnew : longestWait
    return lock(name, AbortSignal.timeout(wait)).then(() => true, () => false)
}

function isLoadedAnew() {
    const [navigation] = performance.getEntriesByType("navigation")
    return navigation instanceof PerformanceNavigationTiming && navigation.type === "reload"
}

/** Nobody else has a name that was just made: however busy the browser is, it is waited for. @param {string} name
 * @param {AbortSignal} [signal] @returns {Promise<void>} */
function lock(name, signal) {
    return new Promise((resolve, reject) => {
        navigator.locks.request(`${place}-${name}`, signal ? { signal } : {}, () => {
            resolve()
            return new Promise(() => {})
        }).catch(reject)
    })
}

/** @param {string} name @param {BroadcastChannel} others @returns {Promise<boolean>} */
function isUnclaimed(name, others) {
    return new Promise((resolve) => {
        const over = setTimeout(() => resolve(true), longestWait)
        // Two that ask at once both answer, and both take another.
        claim(name, others, () => {
            clearTimeout(over)
            resolve(false)
        })
        others.postMessage({ asks: name })
    })
}

/** @param {string} name @param {BroadcastChannel} others @param {() => void} [taken] Another page has it. */
function claim(name, others, taken) {
    others.onmessage = ({ data }) => {
        if (data.asks === name) others.postMessage({ has: name })
        else if (data.has === name) taken?.()
    }
}

/** @type {number | undefined} */
let last

/**
 * Grows with each call, also over pages, and when the clock is set back: what was typed before the page was loaded anew
 * had a smaller one.
 */
export function nextNumber() {
    last = Math.max((last ?? lastOfPageBefore()) + 1, Date.now() * 1000)
    keep(placeOfLast, String(last))
    return last
}

function lastOfPageBefore() {
    const number = Number(kept(placeOfLast))
    return Number.isSafeInteger(number) && number > 0 ? number : 0
}
