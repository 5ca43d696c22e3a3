export default {
    test: {
        include: ["suite.test.mjs"],
        setupFiles: ["./with-key.mjs"],
        // Where a case does not say otherwise. A busy machine is no fault of the server's.
        testTimeout: 30_000,
    },
}
