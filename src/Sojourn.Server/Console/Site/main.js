// @ts-check
import { apply, theme } from "./lib/theme.js"

apply(theme())
await import("./elements/sj-app.js")
