export default {
    test: {
        include: ["suite.test.mjs"],
        setupFiles: ["./with-key.mjs"],
        // Where a case does not say otherwise. A busy machine is no fault of the server's.
        testTimeout: 30_000,
        // The cases of times to live look at the clock to half a second, and a machine may stand still for longer: then
        // a stream is gone that was to be there. Nothing else is tried again.
        retry: { count: 3, condition: /expected 404 to be 20\d/ },
    },
}
