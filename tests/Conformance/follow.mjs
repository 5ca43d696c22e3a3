// Follows a stream of JSON to its end, or to an event of a type that is given, and prints each message on a line.
import { stream } from "@durable-streams/client"

const [url, key, live, last] = process.argv.slice(2)
const response = await stream({
    url,
    live,
    headers: { authorization: `Bearer ${key}` },
    backoffOptions: { initialDelay: 50, maxDelay: 500, multiplier: 2 },
})

await new Promise((resolve) => {
    response.subscribeJson((batch) => {
        for (const item of batch.items) console.log(JSON.stringify(item))
        if (batch.streamClosed || batch.items.some((item) => item.type === last)) resolve()
    })
})
process.exit(0)
