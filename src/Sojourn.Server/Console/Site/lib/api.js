// @ts-check
// Requests to the server. Everything goes through the public API; the browser adds the cookie by itself.

/** What the server, or the way to it, said no with. */
export class Problem extends Error {
    /** @param {{ status: number, type?: string, title?: string, detail?: string, code?: string, field?: string,
     *  retryable?: boolean, current?: unknown, retryAfter?: number }} told */
    constructor(told) {
        super(told.detail ?? told.title ?? `The server answered ${told.status}.`)
        this.status = told.status
        this.type = (told.type ?? "").replace("urn:sojourn:problem:", "")
        this.code = told.code
        this.field = told.field
        this.retryable = told.retryable ?? false
        this.current = told.current
        this.retryAfter = told.retryAfter
    }

    /** True if no answer came at all, so that nobody knows whether the request had an effect. */
    get isLost() {
        return this.status === 0
    }

    /** True if the server is away, or about to be back: asked again, it may answer. */
    get mayPass() {
        return this.isLost || this.status === 503
    }
}

/** Told of each answer that says who asks is not, or no longer, logged in. */
export const loggedOut = new EventTarget()

/**
 * Asks, and throws a Problem unless the answer is good (2xx or 304).
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, json?: string, headers?: Record<string, string>, signal?: AbortSignal }} [options] The body
 *   as a value, or as JSON that must stay as it is written.
 * @returns {Promise<Response>}
 */
export async function ask(method, path, { body, json, headers = {}, signal } = {}) {
    const content = json ?? (body === undefined ? undefined : JSON.stringify(body))
    /** @type {Response} */
    let response
    try {
        response = await fetch(path, {
            method,
            signal,
            cache: "no-store",
            credentials: "same-origin",
            headers: content === undefined ? headers : { "content-type": "application/json", ...headers },
            body: content,
        })
    } catch (fault) {
        if (signal?.aborted) throw fault
        throw new Problem({ status: 0, detail: "The server cannot be reached.", retryable: true })
    }
    if (response.ok || response.status === 304) return response
    const problem = await readProblem(response)
    if (response.status === 401 && !path.startsWith("/console/log")) loggedOut.dispatchEvent(new Event("logged-out"))
    throw problem
}

/** @param {Response} response */
async function readProblem(response) {
    const retryAfter = Number(response.headers.get("retry-after")) || undefined
    try {
        return new Problem({ ...await response.json(), status: response.status, retryAfter })
    } catch {
        return new Problem({ status: response.status, retryAfter })
    }
}

/**
 * @template T
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function getJson(path, signal) {
    const response = await ask("GET", path, { signal })
    return response.json()
}

/**
 * A path whose parts are names: each is escaped, so that none stands for another path.
 * @param {string[]} parts
 * @param {Record<string, string | string[] | undefined>} [query] Those that are undefined or empty are left out.
 */
export function pathOf(parts, query = {}) {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) {
        for (const each of Array.isArray(value) ? value : [value]) if (each) search.append(name, each)
    }
    const text = search.toString()
    return "/" + parts.map(encodeURIComponent).join("/") + (text ? "?" + text : "")
}

/** A name for one effect: sent again with it, a request does not do its work twice. */
export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    return "console-" + [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("")
}

const mostTries = 6

/**
 * Sends what has an effect, again and again while no answer comes: the key makes them one.
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, json?: string, key: string, headers?: Record<string, string>,
 *   signal?: AbortSignal }} options
 */
export async function send(method, path, { body, json, key, headers = {}, signal }) {
    for (let tries = 1; ; tries++) {
        try {
            return await ask(method, path, { body, json, signal, headers: { ...headers, "idempotency-key": key } })
        } catch (fault) {
            if (!(fault instanceof Problem) || !fault.mayPass || tries === mostTries) throw fault
        }
        await pause(Math.min(4000, 300 * 2 ** tries), signal)
    }
}

const pace = 2000

/**
 * Asks again while the server is away, so that no page stays empty for that.
 * @template T
 * @param {() => Promise<T>} question
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function untilAnswered(question, signal) {
    for (;;) {
        try {
            return await question()
        } catch (fault) {
            if (!(fault instanceof Problem) || !fault.mayPass || signal?.aborted) throw fault
        }
        await pause(pace, signal)
    }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal] Ends it early, with an error.
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
    return new Promise((resolve, reject) => {
        const stop = () => {
            clearTimeout(timer)
            reject(signal?.reason)
        }
        if (signal?.aborted) return stop()
        const timer = setTimeout(() => {
            signal?.removeEventListener("abort", stop)
            resolve()
        }, milliseconds)
        signal?.addEventListener("abort", stop, { once: true })
    })
}

/** @param {unknown} fault */
export const isAbort = (fault) => fault instanceof DOMException && fault.name === "AbortError"

/**
 * What to show of a fault, in a sentence.
 * @param {unknown} fault
 */
export const sentence = (fault) => fault instanceof Error ? fault.message : String(fault)
