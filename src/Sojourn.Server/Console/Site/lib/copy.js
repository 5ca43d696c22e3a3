// @ts-check

/**
 * Copies what a field holds. Over plain HTTP from another machine browsers lend pages no clipboard; there the field is
 * copied as people do it.
 * @param {HTMLInputElement} field
 * @returns {Promise<boolean>} False if the browser does not allow it; the field is selected, so that a key copies it.
 */
export async function copy(field) {
    try {
        await navigator.clipboard.writeText(field.value)
        return true
    } catch {
        field.focus()
        field.select()
        return document.execCommand("copy")
    }
}
