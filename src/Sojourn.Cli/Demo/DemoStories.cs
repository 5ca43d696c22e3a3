namespace Sojourn.Cli.Demo;

/// <summary>What the demonstration is made of.</summary>
internal static class DemoStories
{
    public const string Ferry = """
        The ferry left the harbour before sunrise, and Ines stood alone at the rail with her grandmother's clock under
        her coat. It had stopped at ten past four on the night of the flood, and nobody in the village could mend it.

        On the far shore an old man kept a shop full of clocks, each telling another hour. He listened to hers for a
        long time. Then he laughed, opened the back, and shook a single grain of sand into his palm.

        "That is all," said the old man. "It was only waiting." He would take no money. Ines walked back through the
        market in the noon light, and the clock ticked so loudly that the fishmongers turned their heads.

        In the evening the whole village came to the square to hear it strike. It struck eleven, an hour early, and
        they decided together that it was right and that all the others had been late.
        """;

    // Harmless for whoever shows text as text.
    public const string Hostile = """
        <img src=x onerror="document.title='shown as markup'"> said the sign above the gate, and nobody dared to read
        it aloud. '"/><script>document.title = 'shown as markup'</script> was carved below it.

        Robert'); DROP TABLE sessions;-- went in first, with {{7*7}} and ${7*7} in his bag, and %00 and ../../ behind.
        Behind the gate lay a garden: 花園の中で、誰かが笑った。 Somebody sang in the dark, עברית וגם العربية, and the
        song had no end, like the wordwithoutanyspacethatgoesonandonandonandonandonandonandonandonandonandonandon.

        In the morning the sign was only a sign, & the gate was only a gate.
        """;

    /// <summary>Long enough for many scenes.</summary>
    public static string Long => string.Join("\n\n", Enumerable.Range(1, 8).Select(day => $"On day {day}:\n{Ferry}"));

    /// <summary>A conversation, as an array of JSON messages.</summary>
    public const string Chat = """
        [
            {"from": "ines", "say": "Is anybody up?"},
            {"from": "old-man", "say": "Always. Clocks do not sleep."},
            {"from": "ines", "say": "Mine does. It stopped at ten past four."},
            {"from": "sign", "say": "<img src=x onerror=\"document.title='shown as markup'\">"},
            {"from": "old-man", "say": "Take no notice of the sign.", "tags": ["advice", "<b>bold</b>"], "n": 4},
            {"from": "ines", "say": "花園で会いましょう — שלום 🌙"}
        ]
        """;

    /// <summary>Lines as a program writes them.</summary>
    public static string Log => string.Concat(Enumerable.Range(1, 30)
        .Select(i => $"step {i} of 30: {(i % 7 == 0 ? "WARN the tide is early" : "ok")}\n")
        .Append("<script>document.title = 'shown as markup'</script>\n"));
}
