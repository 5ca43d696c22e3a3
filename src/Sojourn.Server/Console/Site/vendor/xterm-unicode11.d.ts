// The types of what is used of the addon, after its own.
import type { ITerminal } from "./xterm.js"

export class Unicode11Addon {
    activate(terminal: ITerminal): void
    dispose(): void
}
