// @ts-check

const whole = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

/** @param {number} number */
export const count = (number) => whole.format(number)

/** @param {number} number */
export const oneDigit = (number) => short.format(number)

/** @param {number} number */
export function bytes(number) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"]
    let unit = 0
    while (number >= 1024 && unit < units.length - 1) {
        number /= 1024
        unit++
    }
    return `${short.format(number)} ${units[unit]}`
}

/**
 * What was missed, in words.
 * @param {number} number
 * @param {string} one
 */
export const missed = (number, one) => number === 0 ? "nothing" : plural(number, one)

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (number, one, many = one + "s") => `${count(number)} ${number === 1 ? one : many}`
