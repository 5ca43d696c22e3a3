export default {
    test: {
        include: ["suite.test.mjs"],
        setupFiles: ["./with-key.mjs"],
    },
}
