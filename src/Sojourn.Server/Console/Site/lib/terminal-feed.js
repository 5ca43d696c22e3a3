// @ts-check
// Brings what a terminal draws, and its sizes, onto a screen in the order in which they hold.

/** @typedef {{ columns: number, rows: number }} Size */

/**
 * @typedef {{ screen?: Size, output: number, bytes: Uint8Array } | { size: Size }} Step
 */

export class TerminalFeed {
    /** The newest entry on its way to the screen; undefined before the first picture. @type {number | undefined} */
    #last
    /** Sizes that hold after entries which have not come yet. @type {{ output: number, size: Size }[]} */
    #ahead = []
    /** @type {Step[]} */
    #steps = []
    #isBusy = false

    /**
     * @param {import("../vendor/xterm.js").ITerminal} terminal
     * @param {(output: number, bytes: number) => void} drawn Told of each entry that is on the screen.
     */
    constructor(terminal, drawn) {
        this.terminal = terminal
        this.drawn = drawn
    }

    /**
     * A picture stands for all that was drawn up to an entry.
     * @param {{ output: number, columns: number, rows: number, bytes: Uint8Array }} screen
     */
    screen({ output, columns, rows, bytes }) {
        this.#last = output
        this.#ahead = this.#ahead.filter((each) => each.output >= output)
        this.#push({ screen: { columns, rows }, output, bytes })
        this.#sizesUpTo(output)
    }

    /**
     * @param {number} output
     * @param {Uint8Array} bytes
     */
    output(output, bytes) {
        this.#sizesUpTo(output - 1)
        this.#last = output
        this.#push({ output, bytes })
        this.#sizesUpTo(output)
    }

    /**
     * A size holds after an entry.
     * @param {Size} size
     * @param {number} output
     */
    resized(size, output) {
        // From before the picture, which has the size that it was drawn in.
        if (this.#last !== undefined && output < this.#last) return
        this.#ahead.push({ output, size })
        if (this.#last !== undefined) this.#sizesUpTo(this.#last)
    }

    /** @param {number} output */
    #sizesUpTo(output) {
        for (const { size } of this.#ahead.filter((each) => each.output <= output)) this.#push({ size })
        this.#ahead = this.#ahead.filter((each) => each.output > output)
    }

    /** @param {Step} step */
    #push(step) {
        this.#steps.push(step)
        if (!this.#isBusy) this.#go()
    }

    /** The emulator draws in its own time; a size must not overtake what was drawn before it. */
    #go() {
        const step = this.#steps.shift()
        this.#isBusy = step !== undefined
        if (!step) return
        if ("size" in step) {
            this.#resize(step.size)
            this.#go()
            return
        }
        if (step.screen) {
            this.terminal.reset()
            this.#resize(step.screen)
        }
        this.terminal.write(step.bytes, () => {
            this.drawn(step.output, step.bytes.length)
            this.#go()
        })
    }

    /** @param {Size} size */
    #resize({ columns, rows }) {
        if (columns !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(columns, rows)
    }
}
