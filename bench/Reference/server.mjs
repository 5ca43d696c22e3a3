// The reference server, as a process that sojourn-bench starts: `node server.mjs [DIRECTORY]`, in memory without one.
// Says its port, answers each line of standard input with the bytes of its heap, and ends with its input.
import { createInterface } from "node:readline"
import { DurableStreamTestServer } from "@durable-streams/server"

// Standard output is for the answers alone.
console.info = console.warn = () => {}
const server = new DurableStreamTestServer({ port: 0, dataDir: process.argv[2] })
const url = await server.start()
process.stdout.write(`${new URL(url).port}\n`)
for await (const _ of createInterface({ input: process.stdin })) {
    globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    process.stdout.write(`${heapUsed + external}\n`)
}
process.exit(0)
