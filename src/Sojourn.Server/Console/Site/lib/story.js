// @ts-check
// What a story must be like before it is sent, as docs/generation.md has it. The server has the last word.

import { bytes, count } from "./numbers.js"

/** In UTF-16 code units, as the server counts them. */
export const mostCharacters = 50_000
const leastCharacters = 10, leastWords = 5
export const mostScenes = 20

/** Beyond this a file is not even read: no story in it could be short enough. */
const mostFileBytes = 1024 * 1024

const letter = "[\\p{L}\\p{Nd}\\p{Mn}\\p{Mc}]"
/** Where a script writes without spaces, each character is a word. */
const alone = "[\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]"
const word = new RegExp(`[${letter}&&${alone}]|[${letter}--${alone}](?:[${letter}--${alone}]|['’\\-‑](?=${letter}))*`,
    "gv")

/** @param {string} text */
export const wordsIn = (text) => text.match(word)?.length ?? 0

/**
 * The first thing that is wrong with a story, in a sentence; empty if it may be sent.
 * @param {string} text
 */
export function faultOf(text) {
    const story = text.trim()
    if (story === "") return "Paste a story, or drop a text file."
    if (story.length < leastCharacters) {
        return `The story has ${count(story.length)} characters; it needs at least ${leastCharacters}.`
    }
    if (story.length > mostCharacters) {
        return `The story has ${count(story.length)} characters; at most ${count(mostCharacters)} are allowed. `
            + "Split it into several generations."
    }
    const words = wordsIn(story)
    return words < leastWords ? `The story has ${count(words)} words; it needs at least ${leastWords}.` : ""
}

/**
 * The text of a file that somebody has chosen or dropped.
 * @param {File} file
 * @returns {Promise<string>}
 * @throws {Error} If it is no text, with a sentence for people.
 */
export async function textOf(file) {
    const isText = /\.(txt|text|md|markdown)$/i.test(file.name) || file.type.startsWith("text/")
    if (!isText) throw new Error(`${file.name} is no text file. Take a .txt or .md file.`)
    if (file.size === 0) throw new Error(`${file.name} is empty.`)
    if (file.size > mostFileBytes) {
        const most = `a story has at most ${count(mostCharacters)} characters`
        throw new Error(`${file.name} has ${bytes(file.size)}; ${most}.`)
    }
    const content = new Uint8Array(await file.arrayBuffer().catch(() => {
        throw new Error(`${file.name} cannot be read.`)
    }))
    try {
        return new TextDecoder(encodingOf(content), { fatal: true }).decode(content).replace(/\r\n?/g, "\n")
    } catch {
        throw new Error(`${file.name} is not text in UTF-8. Save it as UTF-8 and take it again.`)
    }
}

/** @param {Uint8Array} content */
function encodingOf(content) {
    if (content[0] === 0xff && content[1] === 0xfe) return "utf-16le"
    return content[0] === 0xfe && content[1] === 0xff ? "utf-16be" : "utf-8"
}
