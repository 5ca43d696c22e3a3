// The types of what is used of xterm.js, after its own.
export interface IDisposable {
    dispose(): void
}

export interface ITheme {
    foreground?: string
    background?: string
    cursor?: string
    cursorAccent?: string
    selectionBackground?: string
    black?: string
    red?: string
    green?: string
    yellow?: string
    blue?: string
    magenta?: string
    cyan?: string
    white?: string
    brightBlack?: string
    brightRed?: string
    brightGreen?: string
    brightYellow?: string
    brightBlue?: string
    brightMagenta?: string
    brightCyan?: string
    brightWhite?: string
}

export interface ITerminalOptions {
    cols?: number
    rows?: number
    allowProposedApi?: boolean
    cursorBlink?: boolean
    disableStdin?: boolean
    documentOverride?: unknown
    drawBoldTextInBrightColors?: boolean
    fontFamily?: string
    fontSize?: number
    macOptionIsMeta?: boolean
    minimumContrastRatio?: number
    screenReaderMode?: boolean
    scrollback?: number
    theme?: ITheme
}

export interface ILinkHandler {
    activate(event: MouseEvent, text: string): void
}

export interface ITerminal {
    readonly cols: number
    readonly rows: number
    readonly element: HTMLElement | undefined
    readonly textarea: HTMLTextAreaElement | undefined
    readonly unicode: { activeVersion: string }
    readonly modes: { readonly applicationCursorKeysMode: boolean }
    options: ITerminalOptions & { linkHandler?: ILinkHandler | null }
    onData(listener: (data: string) => void): IDisposable
    onBinary(listener: (data: string) => void): IDisposable
    open(parent: HTMLElement): void
    write(data: string | Uint8Array, done?: () => void): void
    resize(columns: number, rows: number): void
    reset(): void
    focus(): void
    blur(): void
    input(data: string, wasUserInput?: boolean): void
    paste(data: string): void
    loadAddon(addon: { activate(terminal: ITerminal): void, dispose(): void }): void
    hasSelection(): boolean
    getSelection(): string
    clearSelection(): void
    attachCustomKeyEventHandler(handler: (event: KeyboardEvent) => boolean): void
    dispose(): void
}

export const Terminal: { new (options?: ITerminalOptions): ITerminal }
