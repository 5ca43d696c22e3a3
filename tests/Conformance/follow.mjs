// Follows a stream of JSON to its end, and prints each message on a line.
import { stream } from "@durable-streams/client"

const [url, key, live] = process.argv.slice(2)
const response = await stream({
    url,
    live,
    headers: { authorization: `Bearer ${key}` },
    backoffOptions: { initialDelay: 50, maxDelay: 500, multiplier: 2 },
})

await new Promise((resolve) => {
    response.subscribeJson((batch) => {
        for (const item of batch.items) console.log(JSON.stringify(item))
        if (batch.streamClosed) resolve()
    })
})
process.exit(0)
