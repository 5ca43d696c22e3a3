using FsCheck;
using FsCheck.Fluent;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Tests.Generation;

public sealed class SegmenterTests
{
    private static readonly string[] Pieces =
    [
        "Mara ran home.", " ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\t", "\r", "“Wait!” she said,",
            "\"No?\" he cried. ", "word",
        "Mr. Hale met Dr. Voss, e.g. at 3.14 p.m. ", "…", "—", "日本語の文。", "naïve café ", "🙂👩‍👩‍👧", "e\u0301", "***",
            "; ", ", ",
        "an endless sentence without any mark at all that goes on", "It was. ", "(so) ", "a", "1,000 ", "ends'",
            "\u00a0", "\u2029",
    ];

    private static Gen<string> Story =>
        from pieces in Gen.Elements(Pieces).ListOf()
        from tail in Gen.Elements("five words are here now", "one two three four five.", "«Un» deux trois quatre cinq")
        select (string.Concat(pieces) + tail).Trim();

    [Fact]
    public void Nothing_of_a_story_is_lost_and_every_scene_has_a_word() => Prop.ForAll(
        (from story in Story from wish in Gen.Choose(1, 20) select (story, wish)).ToArbitrary(),
        drawn =>
        {
            var words = Words.Count(drawn.story);
            var count = Math.Min(drawn.wish, words);

            var parts = Segmenter.Split(drawn.story, count);

            parts.Count.ShouldBe(count);
            string.Concat(parts.Select(part => part.In(drawn.story))).ShouldBe(drawn.story);
            parts.ShouldAllBe(part => Words.Of(part.In(drawn.story)).Any());
            parts.Sum(part => Words.Count(part.In(drawn.story))).ShouldBe(words);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Any_text_at_all_is_kept_whole() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<string>().Where(text => !string.IsNullOrWhiteSpace(text)).ToArbitrary(),
        text =>
        {
            var count = Math.Max(1, Math.Min(5, Words.Count(text)));

            var parts = Segmenter.Split(text, count);

            string.Concat(parts.Select(part => part.In(text))).ShouldBe(text);
            parts.Count.ShouldBe(count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Theory]
    [InlineData(".")]
    [InlineData(".\"")]
    [InlineData(". ")]
    [InlineData("\n\n")]
    [InlineData("Xa ")]
    [InlineData("“")]
    [InlineData("🙂 ")]
    public void A_page_of_one_sign_is_read_in_no_time(string sign)
    {
        var story = string.Concat(Enumerable.Repeat(sign, 49_900 / sign.Length)) + " one two three four five six.";

        Cut(story, 6).Length.ShouldBe(6);
        StoryReading.Of(story).ToAnalysis().Words.ShouldBeGreaterThanOrEqualTo(6);
    }

    [Fact]
    public void Paragraphs_stay_whole_where_they_can()
    {
        const string story =
            "One two three four. Five six.\n\nSeven eight nine ten.\r\n \r\nEleven twelve. Thirteen fourteen.";

        Cut(story, 3).ShouldBe(
        [
            "One two three four. Five six.\n\n", "Seven eight nine ten.\r\n \r\n", "Eleven twelve. Thirteen fourteen.",
        ]);
    }

    [Fact]
    public void Lines_that_end_a_sentence_part_a_text_without_blank_lines() =>
        Cut("The first line\nruns on here.\nThe second stands alone.", 2)
            .ShouldBe(["The first line\nruns on here.\n", "The second stands alone."]);

    [Fact]
    public void A_line_of_asterisks_is_no_scene() =>
        Cut("One two three.\n\n***\n\nFour five six.", 2).ShouldBe(["One two three.\n\n***\n\n", "Four five six."]);

    [Fact]
    public void One_giant_sentence_is_cut_at_its_clauses() =>
        Cut("they ran and ran, they fell down the hill, and nobody saw", 2)
            .ShouldBe(["they ran and ran, ", "they fell down the hill, and nobody saw"]);

    [Theory]
    [InlineData("Mr. Hale met Dr. Voss at 3 p.m. in the rain. Then he left.", 2)]
    [InlineData("\"Run!\" she said. \"Now.\"", 2)]
    [InlineData("J. R. Hartley wrote it, e.g. in 1,000.5 pages. Did I? I did.", 3)]
    [InlineData("Wait… what? No!", 2)]
    [InlineData("雨が降る。風が吹く。", 2)]
    public void Sentences_end_where_a_reader_would_say(string text, int sentences) =>
        Breaks.Sentences(text).Count.ShouldBe(sentences);

    [Theory]
    [InlineData("blood-red isn't a word, is it?", 6)]
    [InlineData("— … 'quoted' 1,000", 3)]
    [InlineData("日本語 text", 4)]
    [InlineData("", 0)]
    public void Words_are_counted_as_a_reader_would(string text, int words) => Words.Count(text).ShouldBe(words);

    private static string[] Cut(string story, int count) =>
        [.. Segmenter.Split(story, count).Select(part => part.In(story))];
}
