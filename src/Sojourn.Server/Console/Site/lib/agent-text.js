// @ts-check
// What agents write may be Markdown. It is shown as it is, with its lines, and code set apart; nothing of it becomes
// markup.

/** @typedef {{ is: "text" | "code", text: string, language?: string }} Block */

/** @typedef {{ is: "words" | "code", text: string }} Piece */

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/

/**
 * Fenced code, and what is between. A fence that is not closed yet goes to the end: the text may still be written.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(text) {
    /** @type {Block[]} */
    const blocks = []
    /** @type {string[]} */
    let lines = []
    /** @type {{ mark: string, language: string } | undefined} */
    let open
    const end = () => {
        const joined = lines.join("\n")
        if (open) blocks.push({ is: "code", text: joined, language: open.language })
        else if (joined.trim() !== "") blocks.push({ is: "text", text: joined.replace(/^\n+|\s+$/g, "") })
        lines = []
    }
    for (const line of text.split("\n")) {
        const found = fence.exec(line)
        if (open && found && found[1].startsWith(open.mark) && found[2] === "") {
            end()
            open = undefined
        } else if (!open && found) {
            end()
            open = { mark: found[1], language: found[2] }
        } else {
            lines.push(line)
        }
    }
    if (open || lines.length > 0) end()
    return blocks
}

/**
 * Words, and what stands between single backticks on one line.
 * @param {string} text
 * @returns {Piece[]}
 */
export function piecesOf(text) {
    return text.split(/(`[^`\n]+`)/).filter((piece) => piece !== "").map((piece) =>
        piece.length > 2 && piece.startsWith("`") && piece.endsWith("`")
            ? { is: "code", text: piece.slice(1, -1) } : { is: "words", text: piece })
}
