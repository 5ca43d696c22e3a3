// The suite knows of no keys: each request to the server under test is given the one of the tests.
const plain = globalThis.fetch
const { SOJOURN_TEST_URL: url, SOJOURN_TEST_KEY: key } = process.env

globalThis.fetch = (input, init) => {
    if (!String(input?.url ?? input).startsWith(url)) return plain(input, init)
    const headers = new Headers(init?.headers ?? input.headers)
    headers.set("authorization", `Bearer ${key}`)
    return plain(input, { ...init, headers })
}
