// @ts-check
import { html, nothing, svg } from "../vendor/lit.js"
import { bytes, count, oneDigit } from "../lib/numbers.js"
import { mostPoints, Vitals } from "../lib/vitals.js"
import { SjElement } from "./sj-element.js"

/** @typedef {import("../lib/types.js").KindStats} KindStats */
/** @typedef {import("../lib/types.js").StoreStats} StoreStats */

/** Counts, capacity, health, lag and rates, in one row above the list. */
export class SjVitals extends SjElement {
    static properties = { filter: { attribute: false }, kinds: { attribute: false } }

    #vitals = new Vitals()

    constructor() {
        super()
        /** @type {import("../lib/filter.js").Filter | undefined} */
        this.filter = undefined
        /** @type {Map<string, import("../lib/kinds.js").Kind> | undefined} */
        this.kinds = undefined
    }

    /** @param {AbortSignal} signal */
    begin(signal) {
        this.watch(this.#vitals, signal)
        this.#vitals.run(signal)
    }

    render() {
        const { stats, health, commands, commits } = this.#vitals
        return html`<section class="vitals" aria-label="How the server is">
            ${stats ? stats.kinds.map((kind) => this.#kind(kind)) : html`<div class="vital"><h2>Sessions</h2>
                <span class="skeleton"></span></div>`}
            <div class="vital">
                <h2>Health</h2>
                <p class="big health" data-level=${health?.level ?? "unknown"}>
                    <span class="dot" aria-hidden="true"></span>
                    ${health?.level ?? "…"}</p>
                <div class="small">${health?.findings.map(({ message }) => html`<p>${message}</p>`) ?? nothing}</div>
            </div>
            ${stats?.store ? [this.#lag(stats.store),
                spark("Commands", "commands a second", commands),
                spark("Commits", "commits a second", commits)] : nothing}
        </section>`
    }

    /** @param {KindStats} kind */
    #kind(kind) {
        const statuses = Object.entries(kind.byStatus).filter(([, number]) => number > 0)
        // Free-standing streams are counted, but are no sessions to list.
        const isListed = this.kinds?.has(kind.kind) ?? false
        const filter = (/** @type {string} */ status, /** @type {string} */ shown) => isListed
            ? html`<button class="plain" aria-pressed=${status !== "" && this.#isShown(kind.kind, status)}
                @click=${() => this.#narrow(kind.kind, status)}>${shown}</button>`
            : html`<span>${shown}</span>`
        return html`<div class="vital">
            <h2>${filter("", kind.kind)}</h2>
            <p class="big">${count(kind.sessions)}</p>
            <div class="small chips">${statuses.map(([status, number]) => filter(status, `${status} ${count(number)}`))}
                ${kind.stuck > 0 ? html`<span class="warn">${count(kind.stuck)} stuck</span>` : nothing}
                <span class="muted">${bytes(kind.bytes)}</span></div>
            ${kind.maxSessions === undefined ? nothing : gauge(kind.sessions, kind.maxSessions)}
        </div>`
    }

    /** @param {StoreStats} store */
    #lag(store) {
        const lag = store.lagChanges + store.pendingSteps
        return html`<div class="vital">
            <h2 title="Acknowledged changes that are not yet in their final place, and steps that wait for a commit">
                Durable lag</h2>
            <p class="big">${count(lag)}</p>
            <div class="small muted">${store.failing ? html`<span class="bad">commits fail</span>`
                : html`${bytes(store.lagBytes + store.pendingBytes)}, last commit
                    ${oneDigit(store.lastCommitSeconds * 1000)} ms`}</div>
        </div>`
    }

    /**
     * @param {string} kind
     * @param {string} status
     */
    #isShown(kind, status) {
        return this.filter?.kind === kind && this.filter.status === status
    }

    /**
     * @param {string} kind
     * @param {string} status
     */
    #narrow(kind, status) {
        this.dispatchEvent(new CustomEvent("narrow", { detail: { kind, status } }))
    }
}

/**
 * @param {number} used
 * @param {number} most
 */
function gauge(used, most) {
    const share = most === 0 ? 1 : Math.min(1, used / most)
    const level = share >= 0.9 ? "critical" : share >= 0.7 ? "warning" : "healthy"
    return html`<div class="gauge" role="meter" aria-label="Capacity" aria-valuemin="0" aria-valuemax=${most}
            aria-valuenow=${used} aria-valuetext="${count(used)} of ${count(most)}" data-level=${level}>
        <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="4"/>
            <rect class="fill" width=${share * 100} height="4"/></svg>
        <span class="small muted">${count(used)} of ${count(most)} (${Math.round(share * 100)} %)</span></div>`
}

/**
 * @param {string} title
 * @param {string} says
 * @param {number[]} points
 */
function spark(title, says, points) {
    const [width, height] = [120, 28]
    const top = Math.max(1, ...points)
    const x = (/** @type {number} */ i) => (width * (i + mostPoints - points.length)) / (mostPoints - 1)
    const y = (/** @type {number} */ point) => height - 1 - (point / top) * (height - 2)
    const line = points.map((point, i) => `${x(i).toFixed(1)},${y(point).toFixed(1)}`).join(" ")
    const newest = points.at(-1)
    return html`<div class="vital">
        <h2>${title}</h2>
        <p class="big">${newest === undefined ? "…" : oneDigit(newest)}<span class="unit">/s</span></p>
        <svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"
            aria-label="${says}, over two minutes; at most ${oneDigit(Math.max(0, ...points))}">
            ${points.length > 1 ? svg`<polyline points=${line}/>` : nothing}</svg>
    </div>`
}

customElements.define("sj-vitals", SjVitals)
