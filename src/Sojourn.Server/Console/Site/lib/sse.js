// @ts-check
// Server-sent events from a fetch: unlike EventSource this sees statuses and headers, and notices silence.

/** @typedef {{ event: string, data: string, id: string }} ServerEvent */

/** Servers say something at least every 15 seconds; what is silent for longer than this is dead. */
const mostSilence = 45_000

/**
 * The events of an answer, until it ends.
 * @param {Response} response
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* eventsOf(response) {
    if (!response.body) return
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ""
    let event = { event: "message", data: /** @type {string[]} */ ([]), id: "" }
    try {
        for (;;) {
            const { done, value } = await withinSilence(reader.read())
            if (done) return
            const lines = (rest + value).split(/\r\n|\n|\r(?!$)/)
            rest = lines.pop() ?? ""
            for (const line of lines) {
                if (line !== "") {
                    take(event, line)
                    continue
                }
                if (event.data.length > 0) yield { ...event, data: event.data.join("\n") }
                event = { event: "message", data: [], id: event.id }
            }
        }
    } finally {
        reader.cancel().catch(() => {})
    }
}

/**
 * @param {{ event: string, data: string[], id: string }} event
 * @param {string} line
 */
function take(event, line) {
    const colon = line.indexOf(":")
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1))
    if (name === "event") event.event = value
    else if (name === "data") event.data.push(value)
    else if (name === "id") event.id = value
}

/**
 * @template T
 * @param {Promise<T>} reading
 * @returns {Promise<T>}
 */
async function withinSilence(reading) {
    let timer = 0
    const silence = new Promise((_, reject) => {
        timer = window.setTimeout(() => reject(new Error("The connection was silent for too long.")), mostSilence)
    })
    try {
        return await Promise.race([reading, /** @type {Promise<never>} */ (silence)])
    } finally {
        clearTimeout(timer)
    }
}
