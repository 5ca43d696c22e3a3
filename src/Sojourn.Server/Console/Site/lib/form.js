// @ts-check
// From a schema to what a form shows, and from what was filled in to JSON.

import { resolve } from "./kinds.js"

/** @typedef {Record<string, any>} Json */

/**
 * @typedef {object} Field
 * @property {"text" | "number" | "boolean" | "choice" | "time" | "object" | "list" | "variant" | "const" | "json"} is
 * @property {string} says
 * @property {boolean} nullable
 * @property {boolean} whole For numbers.
 * @property {boolean} long For texts that deserve more than a line.
 * @property {unknown} [standard] What holds if it is left out.
 * @property {unknown} [value] Of a constant.
 * @property {string} [example]
 * @property {string[]} choices
 * @property {{ name: string, required: boolean, field: Field }[]} members
 * @property {Field} [item] Of a list.
 * @property {{ title: string, field: Field }[]} variants
 */

/**
 * @typedef {object} Draft What is filled in, as it is typed.
 * @property {string} text
 * @property {boolean} given For an object that may be left out: whether it is there.
 * @property {number} variant
 * @property {Record<string, Draft>} members
 * @property {Draft[]} items
 */

/** @typedef {{ path: string, says: string }} Fault */

const deepest = 6

/** Texts whose description allows more than so many characters get a larger box. */
const longText = /\b([1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{3,})\s+(characters|bytes)/

/**
 * @param {Json} document
 * @param {Json} given A schema.
 * @param {unknown} [example]
 * @param {number} [depth]
 * @returns {Field}
 */
export function fieldOf(document, given, example, depth = 0) {
    const schema = resolve(document, given)
    const types = [schema.type ?? []].flat()
    const choices = /** @type {unknown[]} */ (schema.enum ?? []).filter((each) => typeof each === "string").map(String)
    /** @type {Field} */
    const field = {
        is: "json",
        says: schema.description ?? "",
        nullable: types.includes("null") || (schema.enum ?? []).includes(null),
        whole: types.includes("integer"),
        long: longText.test(schema.description ?? ""),
        standard: schema.default,
        example: exampleText(schema.examples?.[0] ?? schema.example ?? example),
        choices,
        members: [],
        variants: [],
    }
    const known = types.filter((type) => type !== "null")
    const [type] = known
    if (depth > deepest || known.length > 1) return field
    if ("const" in schema) return { ...field, is: "const", value: schema.const }
    if (choices.length > 0) return { ...field, is: "choice" }
    const variants = /** @type {Json[] | undefined} */ (schema.oneOf ?? schema.anyOf)
    if (variants) return ofVariants(document, field, variants, depth)
    if (type === "boolean") return { ...field, is: "boolean" }
    if (type === "integer" || type === "number") return { ...field, is: "number" }
    if (type === "string") return { ...field, is: schema.format === "date-time" ? "time" : "text" }
    if (type === "array" && schema.items) {
        const first = Array.isArray(example) ? example[0] : undefined
        return { ...field, is: "list", item: fieldOf(document, schema.items, first, depth + 1) }
    }
    if (!schema.properties && !(type === "object" && schema.additionalProperties === false)) return field
    const parts = /** @type {Json} */ (example ?? {})
    return {
        ...field,
        is: "object",
        members: Object.entries(schema.properties ?? {}).map(([name, member]) => ({
            name,
            required: (schema.required ?? []).includes(name),
            field: fieldOf(document, /** @type {Json} */ (member), parts?.[name], depth + 1),
        })),
    }
}

/**
 * @param {Json} document
 * @param {Field} field
 * @param {Json[]} variants
 * @param {number} depth
 * @returns {Field}
 */
function ofVariants(document, field, variants, depth) {
    const real = variants.filter((each) => each.type !== "null")
    const nullable = field.nullable || real.length < variants.length
    const fields = real.map((each) => fieldOf(document, each, undefined, depth + 1))
    if (fields.length === 1) return { ...fields[0], says: field.says || fields[0].says, nullable }
    return {
        ...field,
        nullable,
        is: "variant",
        variants: fields.map((each, i) => ({ title: titleOf(resolve(document, real[i]), each, i), field: each })),
    }
}

/**
 * @param {Json} schema
 * @param {Field} field
 * @param {number} i
 */
function titleOf(schema, field, i) {
    const mark = field.members.find((member) => member.field.is === "const")
    return schema.title ?? (mark ? String(mark.field.value) : field.says || `Form ${i + 1}`)
}

/** @param {unknown} example */
function exampleText(example) {
    if (example === undefined || example === null || example === "text") return undefined
    return typeof example === "object" ? JSON.stringify(example) : String(example)
}

/**
 * An empty draft, or one that says what a value says.
 * @param {Field} field
 * @param {boolean} required
 * @returns {Draft}
 */
export function draftOf(field, required) {
    return {
        text: "",
        given: required,
        variant: 0,
        members: Object.fromEntries(field.members.map((each) => [each.name, draftOf(each.field, each.required)])),
        items: [],
    }
}

/**
 * What a draft stands for; undefined for what is left out.
 * @param {Field} field
 * @param {Draft} draft
 * @param {{ required: boolean, path: string, faults: Fault[] }} at
 * @returns {unknown}
 */
export function valueOf(field, draft, at) {
    const { required, path, faults } = at
    const empty = () => required ? (field.nullable ? null : fault("This is needed.")) : undefined
    const fault = (/** @type {string} */ says) => {
        faults.push({ path, says })
        return undefined
    }
    switch (field.is) {
        case "const":
            return field.value
        case "text":
            if (draft.text !== "") return draft.text
            return required && !field.nullable ? "" : empty()
        case "choice":
            return draft.text === "" ? empty() : draft.text
        case "boolean":
            return draft.text === "" ? (required && !field.nullable ? false : empty()) : draft.text === "true"
        case "time": {
            if (draft.text === "") return empty()
            const time = new Date(draft.text)
            return Number.isNaN(time.valueOf()) ? fault("That is no date and time.") : time.toISOString()
        }
        case "number":
            return draft.text.trim() === "" ? empty() : numberOf(field, draft.text.trim(), fault)
        case "object":
            return draft.given ? objectOf(field, draft, path, faults) : field.nullable && required ? null : undefined
        case "list":
            if (draft.items.length === 0 && !required) return undefined
            return draft.items.map((item, i) =>
                valueOf(/** @type {Field} */ (field.item), item, { required: true, path: `${path}[${i}]`, faults }))
        case "variant":
            if (!draft.given) return required && field.nullable ? null : undefined
            return valueOf(field.variants[draft.variant].field, draft.items[0], { required: true, path, faults })
        default:
            return draft.text.trim() === "" ? empty() : parsed(draft.text, fault)
    }
}

/**
 * @param {Field} field
 * @param {Draft} draft
 * @param {string} path
 * @param {Fault[]} faults
 */
function objectOf(field, draft, path, faults) {
    /** @type {Json} */
    const value = {}
    for (const { name, required, field: member } of field.members) {
        const inner = path === "" ? name : `${path}.${name}`
        const part = valueOf(member, draft.members[name], { required, path: inner, faults })
        if (part !== undefined) value[name] = part
    }
    return value
}

/**
 * @param {Field} field
 * @param {string} text
 * @param {(says: string) => undefined} fault
 */
function numberOf(field, text, fault) {
    const number = Number(text)
    if (!Number.isFinite(number)) return fault("That is no number.")
    if (field.whole && !Number.isSafeInteger(number)) return fault("This must be a whole number.")
    return number
}

/**
 * @param {string} text
 * @param {(says: string) => undefined} fault
 */
function parsed(text, fault) {
    try {
        return JSON.parse(text)
    } catch (problem) {
        return fault(`That is no JSON: ${problem instanceof Error ? problem.message : problem}`)
    }
}

/** True if two paths of parameters are the same: servers and forms may write the first letter differently. */
export const samePath = (/** @type {string} */ one, /** @type {string | undefined} */ other) =>
    one.toLowerCase() === other?.toLowerCase()
