// @ts-check

/**
 * The lines of an answer, as they come; empty ones are only there to show that it lives.
 * @param {Response} response
 * @returns {AsyncGenerator<string>}
 */
export async function* linesOf(response) {
    if (!response.body) return
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ""
    for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        const lines = (rest + value).split("\n")
        rest = lines.pop() ?? ""
        yield* lines.filter((line) => line.trim() !== "")
    }
    if (rest.trim() !== "") yield rest
}
