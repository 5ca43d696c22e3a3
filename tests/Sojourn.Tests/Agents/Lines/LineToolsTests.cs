using System.Text.Json;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Lines;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Lines;

public sealed class LineToolsTests
{
    [Fact]
    public void So_many_notices_pass_in_a_minute_and_the_next_one_says_how_many_did_not()
    {
        var clock = new ManualClock();
        var gauge = new NoticeGauge(clock, 2);
        new[] { "a", "b", "c", "d" }.Select(gauge.Pass).ShouldBe(["a", "b", null, null]);
        clock.Advance(TimeSpan.FromSeconds(59));
        gauge.Pass("e").ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        gauge.Pass("f").ShouldBe("f (3 more before this one are not shown.)");
        gauge.Pass("g").ShouldBe("g");
    }

    [Theory]
    [InlineData("""{"t":"plain"}""", "plain")]
    [InlineData("""{"t":"a\nb\t\"c\" \u00e9"}""", "a\nb\t\"c\" é")]
    [InlineData("""{"t":"half \ud83d"}""", "half \ufffd")]
    [InlineData("""{"t":"\ude00 half\n\\"}""", "\ufffd half\n\\")]
    [InlineData("""{"t":"\ud83e\udd89 and \ud83e"}""", "🦉 and \ufffd")]
    [InlineData("""{"\ud83d":1,"t":"beside a name that is no text"}""", "beside a name that is no text")]
    [InlineData("""{"t":"first","\ud83d":1,"\u0074":"last"}""", "last")]
    [InlineData("""{"\ud83d":1}""", null)]
    [InlineData("""{"t":5}""", null)]
    [InlineData("""{"t":null}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""[]""", null)]
    public void A_text_is_read_though_half_of_a_character_is_missing(string json, string? text)
    {
        using var document = JsonDocument.Parse(json);
        document.RootElement.Text("t").ShouldBe(text);
    }

    [Fact]
    public void A_long_text_is_cut_between_characters_and_nothing_is_lost()
    {
        var text = string.Concat(Enumerable.Repeat("🦉", 300_000));
        var parts = NewsBatches.Said("m", $"a{text}", false).Cast<AgentNews.Said>().ToList();
        string.Concat(parts.Select(part => part.Text)).ShouldBe($"a{text}");
        parts.Select(part => part.Message).ShouldBe(["m", "m+1"]);
        parts.ShouldAllBe(part => !char.IsHighSurrogate(part.Text[part.Text.Length - 1]));
    }

    [Fact]
    public void A_prompt_about_a_document_has_its_sections_in_order()
    {
        var text = PromptText.Of(new Prompt(
            "Shorten this.", Context: new DocumentContext("Hello, world", "Hello", "0:5")));
        string[] sections = ["# The document (12 UTF-16 units)", "Hello, world", "# What is selected in it", "Hello",
            "# What may be changed", "Address 0:5", "# What is asked", "Shorten this.", "# The form of your answer",
            "conversationMessage", "documentUpdate", "updateRange"];
        var at = 0;
        foreach (var section in sections)
        {
            var found = text.IndexOf(section, at, StringComparison.Ordinal);
            found.ShouldBeGreaterThanOrEqualTo(at, section);
            at = found + section.Length;
        }
    }

    [Theory]
    [InlineData("0:0", "Address 0:0: nothing")]
    [InlineData("0:end", "Address 0:12: the whole document")]
    [InlineData("0:12", "Address 0:12: the whole document")]
    [InlineData("7:12", "Address 7:12: these characters alone")]
    public void What_may_be_changed_is_said(string address, string rule) =>
        PromptText.Of(new Prompt("Go.", Context: new DocumentContext("Hello, world", null, address)))
            .ShouldContain(rule);

    [Fact]
    public void A_prompt_without_a_document_is_its_text() => PromptText.Of(new Prompt("/compact")).ShouldBe("/compact");
}
