// @ts-check
// The kinds of this server, their commands and their parameters, out of its OpenAPI document.

import { getJson, untilAnswered } from "./api.js"

/** @typedef {Record<string, any>} Json */

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {string} says What it does.
 * @property {Json} schema Of its parameters.
 * @property {Json} example
 */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} says
 * @property {string[]} statuses
 * @property {Command} start
 * @property {Command[]} commands In order of their names.
 */

/** @typedef {{ document: Json, kinds: Map<string, Kind> }} Api */

/** @type {Promise<Api> | undefined} */
let read

/** Reads the document, once. @returns {Promise<Api>} */
function readApi() {
    read ??= getJson("/openapi/v1.json").then((document) => ({ document, kinds: kindsIn(document) }))
    read.catch(() => { read = undefined })
    return read
}

/** Reads the document as soon as the server is there. @param {AbortSignal} signal */
export const awaitApi = (signal) => untilAnswered(readApi, signal)

/** Another server, or a newer one, may have other kinds. */
export const forgetApi = () => { read = undefined }

/** @param {Json} document */
function kindsIn(document) {
    /** @type {Map<string, Kind>} */
    const kinds = new Map()
    for (const [path, operations] of Object.entries(document.paths)) {
        const [version, name, ...rest] = path.split("/").slice(1)
        const start = operations.post
        if (version !== "v1" || rest.length > 0 || start?.operationId !== `${name}.start`) continue
        kinds.set(name, {
            name,
            says: document.tags?.find((/** @type {Json} */ tag) => tag.name === name)?.description ?? "",
            statuses: statusesOf(document, name),
            start: commandOf(document, name, start),
            commands: commandsOf(document, name),
        })
    }
    return kinds
}

/** What any session can be asked whatever its kind; the console has buttons of its own for these. */
const ofAllKinds = ["touch", "restore"]

/**
 * @param {Json} document
 * @param {string} kind
 */
function commandsOf(document, kind) {
    const before = `/v1/${kind}/{id}/`
    return Object.entries(document.paths)
        .filter(([path]) => path.startsWith(before) && !path.slice(before.length).includes("/"))
        .map(([path, operations]) => ({ name: path.slice(before.length), operation: operations.post }))
        .filter(({ name, operation }) => operation?.operationId === `${kind}.${name}` && !ofAllKinds.includes(name))
        .map(({ name, operation }) => commandOf(document, name, operation))
        .sort((one, other) => one.name < other.name ? -1 : 1)
}

/**
 * @param {Json} document
 * @param {string} name
 * @param {Json} operation
 * @returns {Command}
 */
function commandOf(document, name, operation) {
    const content = operation.requestBody?.content?.["application/json"] ?? {}
    const schema = resolve(document, content.schema ?? {})
    return { name, says: operation.description ?? schema.description ?? "", schema, example: content.example ?? {} }
}

/**
 * @param {Json} document
 * @param {string} kind
 * @returns {string[]}
 */
function statusesOf(document, kind) {
    const session = document.components?.schemas?.[`${kind}.session`]
    return session?.properties?.status?.enum ?? []
}

/**
 * The schema that a reference stands for; any other is itself.
 * @param {Json} document
 * @param {Json} schema
 * @returns {Json}
 */
export function resolve(document, schema) {
    for (let steps = 0; typeof schema?.$ref === "string" && steps < 32; steps++) {
        /** @type {string[]} */
        const names = schema.$ref.replace(/^#\//, "").split("/")
        const { $ref: _, ...beside } = schema
        const found = names.reduce((/** @type {any} */ inner, name) =>
            inner?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document)
        schema = { ...found, ...beside }
    }
    return schema ?? {}
}
