// @ts-check
// What things of the game look like: each sort has a shape of its own, so that no colour is needed to tell them apart.

import { html, svg } from "../vendor/lit.js"

/** Of places, about 18 wide around the middle. @type {Record<string, unknown>} */
const places = {
    planet: svg`<circle r="7" class="ink"/><path d="M-10.5 3.5C-4 6.5 5.5 2.5 10.5-3.5" class="line"/>`,
    station: svg`<path d="M0-8.5 7.4-4.25v8.5L0 8.5l-7.4-4.25v-8.5z" class="ink"/><circle r="2.6" class="hole"/>`,
    anomaly: svg`<path d="M0-10 2.4-2.4 10 0 2.4 2.4 0 10-2.4 2.4-10 0-2.4-2.4z" class="ink"/>`,
    wormhole: svg`<circle r="8" class="line"/><path d="M0-4.5a4.5 4.5 0 1 1-4.5 4.5" class="line"/>
        <circle r="1.6" class="ink"/>`,
    asteroid_field: svg`<path d="M-8-2l3-4 4 1 1 4-4 3z" class="ink"/>
        <path d="M2-8l4-.5 2.5 3-2.5 3-3.5-1z" class="ink"/>
        <path d="M1 3l4-1.5 3.5 2.5-1 4-5 1z" class="ink"/>`,
    derelict: svg`<path d="M-8 5.5L-1.5-8l3 4L-1-.5 3.5 2 0 5z" class="ink"/>
        <path d="M4.5-5l4 10.5-4.5-1z" class="ink"/>`,
    unknown: svg`<circle r="3" class="line"/>`,
}

/** @param {string | undefined} type */
export const placeGlyph = (type) => places[type ?? "unknown"] ?? places.unknown

/** Marks of what a place has. */
export const yardMark = svg`<circle r="6.5" class="mark-ground"/>
    <path d="M-3.6 3.6L.4-.4M1.2-3.8a2.9 2.9 0 1 0 2.6 2.6L1.9.1 0-1.8z" class="mark-line"/>`
export const marketMark = svg`<circle r="6.5" class="mark-ground"/>
    <path d="M-3.6-2.6h7.2L2.8 3.4h-5.6zM-1.6-2.6a1.6 1.6 0 0 1 3.2 0" class="mark-line"/>`
export const questMark = svg`<path d="M0 9V-9" class="flag-pole"/><path d="M0-9L10-5.5 0-2z" class="flag"/>`
export const shipMark = svg`<path d="M0-8L6 6 0 2.5-6 6z" class="ship-mark"/>`

/** @type {Record<string, unknown>} */
const statuses = {
    playing: svg`<path d="M3 1.5l7.5 4.5L3 10.5z" fill="currentColor"/>`,
    choosing: svg`<path d="M3.5 4.2a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.4" fill="none" stroke="currentColor"
        stroke-width="1.8" stroke-linecap="round"/><circle cx="6" cy="10.4" r="1.1" fill="currentColor"/>`,
    fighting: svg`<path d="M2 2l8 8m0-8l-8 8M1.5 7l3.5 3.5M10.5 7L7 10.5" fill="none" stroke="currentColor"
        stroke-width="1.6" stroke-linecap="round"/>`,
    won: svg`<path d="M6 .8l1.6 3.3 3.6.5-2.6 2.5.6 3.6L6 9 2.8 10.7l.6-3.6L.8 4.6l3.6-.5z" fill="currentColor"/>`,
    lost: svg`<path d="M2.5 2.5l7 7m0-7l-7 7" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>`,
}

/** How a game stands: a word and a shape. @param {string} status */
export const statusPill = (status) => html`<span class="pill" data-status=${status}>
    <svg viewBox="0 0 12 12" aria-hidden="true">${statuses[status]}</svg>${status}</span>`

/** A small picture in a line of text. @param {unknown} content @param {string} [name] */
export const small = (content, name = "") =>
    html`<svg class="glyph ${name}" viewBox="-13 -13 26 26" aria-hidden="true">${content}</svg>`

/** A ring that says how dangerous a place is, by its pattern. @param {string} danger @param {number} [radius] */
export const ring = (danger, radius = 15) => svg`<circle class="ring" data-danger=${danger} r=${radius}/>`

/** Enemies, for the fight. @type {Record<string, unknown>} */
const enemies = {
    pirate_scout: svg`<path d="M0 22L-9-16l9 7 9-7z" class="ink"/>`,
    pirate_raider: svg`<path d="M0 24L-8 0l-14-12 12-2L0-8l10-6 12 2L8 0z" class="ink"/>`,
    alien_drone: svg`<circle r="13" class="line"/><circle r="6" class="ink"/><path d="M0-13v-9M11 7l9 6M-11 7l-9 6"
        class="line"/>`,
    space_kraken: svg`<path d="M-13-2a13 13 0 0 1 26 0c0 6-3 8-3 8l3 14-7-9-2 13-4-13-4 13-2-13-7 9 3-14s-3-2-3-8z"
        class="ink"/><circle cx="-5" cy="-4" r="2.4" class="hole"/><circle cx="5" cy="-4" r="2.4" class="hole"/>`,
    rogue_ai_ship: svg`<path d="M-16-16h32v32h-32z" class="line"/><path d="M-8-8H8V8H-8z" class="ink"/>
        <path d="M-16 0h-7m46 0h-7M0-16v-7M0 23v-7" class="line"/>`,
}

const ownShip = svg`<path d="M0-24L7-4l14 12v6L7 11v7l6 5H-13l6-5v-7l-14 3V8L-7-4z" class="ink"/>`
const pod = svg`<circle r="13" class="line"/><path d="M-7 2a7 7 0 0 1 14 0z" class="ink"/>`

/** @param {string} enemy */
export const enemyPicture = (enemy) => picture(enemies[enemy] ?? enemies.pirate_scout, "enemy")

/** @param {boolean} isPod */
export const ownPicture = (isPod) => picture(isPod ? pod : ownShip, "own")

/** @param {unknown} content @param {string} name */
const picture = (content, name) =>
    html`<svg class="picture ${name}" viewBox="-28 -28 56 56" aria-hidden="true">${content}</svg>`
