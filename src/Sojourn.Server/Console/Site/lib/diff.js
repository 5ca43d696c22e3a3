// @ts-check

/**
 * What differs between two values, as paths such as "/scenes/0/title"; what is new or gone counts for its parent too.
 * @param {unknown} before
 * @param {unknown} after
 * @param {number} [most] Beyond so many the rest is left out: nobody looks at that many marks.
 * @returns {Set<string>}
 */
export function changedPaths(before, after, most = 500) {
    /** @type {Set<string>} */
    const paths = new Set()
    compare(before, after, "")
    return paths

    /**
     * @param {unknown} one
     * @param {unknown} other
     * @param {string} path
     * @returns {void}
     */
    function compare(one, other, path) {
        if (one === other || paths.size >= most) return
        if (!isBranch(one) || !isBranch(other) || Array.isArray(one) !== Array.isArray(other)) {
            paths.add(path)
            return
        }
        for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
            const inner = `${path}/${escaped(name)}`
            if (!(name in other)) paths.add(path)
            else if (!(name in one)) paths.add(inner)
            else compare(one[name], other[name], inner)
        }
    }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export const isBranch = (value) => typeof value === "object" && value !== null

/** @param {string} name */
export const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1")
