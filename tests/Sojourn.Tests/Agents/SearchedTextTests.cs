using System.Text;
using Sojourn.Server.Agents;

namespace Sojourn.Tests.Agents;

public sealed class SearchedTextTests
{
    [Theory]
    [InlineData("prompt-queued", """{"prompt":"p","text":"Here it is"}""")]
    [InlineData("text-written", """{"message":"m","text":"here it is","isThought":false}""")]
    [InlineData("tool-used", """{"call":"c","title":"HERE","detail":null}""")]
    [InlineData("tool-used", """{"call":"c","name":"x","detail":"or here"}""")]
    [InlineData("document-replied", """{"prompt":"p","message":"no","update":"here"}""")]
    [InlineData("ask-opened", """{"ask":{"id":"a","title":"here?","detail":""}}""")]
    [InlineData("ask-opened", """{"ask":{"id":"a","title":"","detail":"or here"}}""")]
    [InlineData("ask-answered", """{"ask":"a","choice":"c","message":"here"}""")]
    [InlineData("noticed", """{"kind":"info","text":"here"}""")]
    public void Words_are_found_wherever_an_event_has_them(string type, string data) =>
        SearchedText.Find(Event(type, data), "here").ShouldNotBeNull().Type.ShouldBe(type);

    [Theory]
    [InlineData("text-delta", """{"message":"m","text":"here","isThought":false}""")]
    [InlineData("status-changed", """{"from":"here","to":"here"}""")]
    [InlineData("ask-answered", """{"ask":"here","choice":"here"}""")]
    [InlineData("prompt-queued", """{"prompt":"here","by":"here"}""")]
    public void Names_states_and_pieces_of_texts_are_no_words(string type, string data) =>
        SearchedText.Find(Event(type, data), "here").ShouldBeNull();

    [Fact]
    public void An_excerpt_shows_what_stands_around_on_one_line()
    {
        var excerpt = Excerpt.Find(new string('a', 300) + "\nMATCH\r\n" + new string('b', 300), "match")!;

        excerpt.Text.ShouldBe("…" + new string('a', 59) + " MATCH  " + new string('b', 93) + "…");
        excerpt.Text.Substring(excerpt.At, excerpt.Length).ShouldBe("MATCH");
        excerpt.Text.Length.ShouldBe(162);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(600)]
    public void A_match_is_marked_wherever_it_stands(int before)
    {
        var excerpt = Excerpt.Find(new string('a', before) + "Match" + new string('b', 661 - before), "mATCH")!;
        excerpt.Text.Substring(excerpt.At, excerpt.Length).ShouldBe("Match");
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var whole = new string('.', shift) + string.Concat(Enumerable.Repeat("😀", 200)) + "x"
                + string.Concat(Enumerable.Repeat("😀", 200));
            var excerpt = Excerpt.Find(whole, "x")!;
            excerpt.Text.EnumerateRunes().ShouldNotContain(Rune.ReplacementChar);
            excerpt.Text[excerpt.At].ShouldBe('x');
        }
    }

    [Fact]
    public void The_longest_text_still_has_something_around_it()
    {
        var text = new string('x', AgentSearch.LongestText);
        var excerpt = Excerpt.Find("before " + text + " after", text)!;
        excerpt.Text.ShouldBe("before " + text + " after");
    }

    [Fact]
    public void A_cursor_is_for_its_own_question_alone()
    {
        var asked = new AgentQuestion("word", OwnerId.Local, null);
        var place = new SearchPlace(asked.Name, "7", 12, "a", 3, 2);
        SearchPlace.TryParse(place.ToString(), asked, out var read).ShouldBeTrue();
        read.ShouldBe(place);

        foreach (var other in (AgentQuestion[])
        [
            new("Word", OwnerId.Local, null),
            new("word", OwnerId.Parse("bob"), null),
            new("word", OwnerId.Local, SessionId.Parse("a")),
        ])
        {
            SearchPlace.TryParse(place.ToString(), other, out _).ShouldBeFalse();
        }
    }

    private static byte[] Event(string type, string data) => Encoding.UTF8.GetBytes($$"""
        {"offset":"08de2e24b5a9c000_0000000000000001","type":"{{type}}","at":"2026-01-31T12:00:00Z","version":1,
         "data":{{data}}}
        """);
}
