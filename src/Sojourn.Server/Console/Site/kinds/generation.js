// @ts-check
// The pages of generations: a story goes in, and its storyboard fills in scene by scene.

import { html } from "../vendor/lit.js"
import "../elements/sj-generation.js"
import "../elements/sj-story.js"

/** @param {import("../lib/kinds.js").Kind} kind */
export const knows = (kind) => ["storyText", "mediaType", "numScenes"].every((name) =>
    Object.hasOwn(kind.start.schema.properties ?? {}, name))

/**
 * @param {import("../lib/session-watch.js").SessionWatch} watch
 * @param {boolean} isGone
 */
export const session = (watch, isGone) =>
    html`<sj-generation .of=${watch} .session=${watch.session} .events=${watch.events} .isGone=${isGone}>
    </sj-generation>`

export const parameters = () => html`<sj-story class="parameters"></sj-story>`
