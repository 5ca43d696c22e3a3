// @ts-check
import { html } from "../vendor/lit.js"
import { SjElement } from "./sj-element.js"
customElements.define("sj-bulk", class extends SjElement { render() { return html`` } })
