using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Claude;

namespace Sojourn.Tests.Agents.Claude;

/// <summary>What each line of Claude Code means.</summary>
public sealed class ClaudeLinesTests
{
    public static TheoryData<string> Names => [.. GoldenLines.Names("Claude")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_line_means_what_is_written_beside_it(string name)
    {
        List<string> answers = [];
        var talk = new ClaudeTalk(
            "c0ffee00-0000-4000-8000-000000000001", line => answers.Add(Encoding.UTF8.GetString(line)));
        talk.Expect(Guid.Parse("11111111-1111-8111-8111-111111111111"), "p1");
        GoldenLines.Check("Claude", name, talk.Take);
        answers.ShouldAllBe(line => line.EndsWith('\n') && line.Contains("control_response", StringComparison.Ordinal));
    }

    [Fact]
    public void An_ask_beyond_the_most_that_may_be_open_is_denied()
    {
        List<string> answers = [];
        var talk = new ClaudeTalk(null, line => answers.Add(Encoding.UTF8.GetString(line)));
        List<AgentNews> news = [];
        for (var at = 1; at <= 21; at++)
        {
            using var line = System.Text.Json.JsonDocument.Parse(
                $$$"""{"type":"control_request","request_id":"r{{{at}}}","request":"""
                + """{"subtype":"can_use_tool","tool_name":"B"}}""");
            talk.Take(line.RootElement, news);
        }

        news.OfType<AgentNews.Asked>().Count().ShouldBe(20);
        answers.ShouldHaveSingleItem().ShouldBe(
            """{"type":"control_response","response":{"subtype":"success","request_id":"r21","response":"""
            + """{"behavior":"deny","message":"20 questions wait for an answer already."}}}""" + "\n");
    }

    [Fact]
    public void An_ask_by_a_name_that_is_too_long_is_denied()
    {
        List<byte[]> answers = [];
        var talk = new ClaudeTalk(null, answers.Add);
        List<AgentNews> news = [];
        foreach (var length in (int[])[256, 257])
        {
            using var line = System.Text.Json.JsonDocument.Parse(
                $$$"""{"type":"control_request","request_id":"{{{new string('r', length)}}}","request":"""
                + """{"subtype":"can_use_tool","tool_name":"B"}}""");
            talk.Take(line.RootElement, news);
        }

        news.OfType<AgentNews.Asked>().ShouldHaveSingleItem().Ask.Id.Length.ShouldBe(256);
        news.OfType<AgentNews.Noticed>().ShouldHaveSingleItem().Text.ShouldContain("257");
        Encoding.UTF8.GetString(answers.ShouldHaveSingleItem()).ShouldContain("deny");
    }

    [Fact]
    public void Parameters_that_are_no_text_in_part_come_back_with_the_answers()
    {
        using var request = System.Text.Json.JsonDocument.Parse(
            """{"tool_name":"AskUserQuestion","input":{"\ud83d":1,"questions":[{"question":"Which?"}]}}""");
        var (kept, _) = ClaudeAsk.Read("r1", request.RootElement);
        var line = Encoding.UTF8.GetString(ClaudeLines.Answer(kept, new AnswerAsk("r1", "allow",
            Answers: System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("Which?", "red"))));

        using var read = System.Text.Json.JsonDocument.Parse(line);
        var input = read.RootElement.GetProperty("response").GetProperty("response").GetProperty("updatedInput");
        input.GetProperty("\ufffd").GetInt32().ShouldBe(1);
        input.GetProperty("answers").GetProperty("Which?").GetString().ShouldBe("red");
    }

    [Fact]
    public void A_prompt_is_one_line_whatever_is_in_it()
    {
        const string Text = "two\nlines, \"quotes\" and 🦉";
        var line = Encoding.UTF8.GetString(ClaudeLines.Prompt(Guid.Empty, Text));
        line.IndexOf('\n', StringComparison.Ordinal).ShouldBe(line.Length - 1);
        using var read = System.Text.Json.JsonDocument.Parse(line);
        read.RootElement.GetProperty("message").GetProperty("content").GetString().ShouldBe(Text);
        read.RootElement.GetProperty("uuid").GetGuid().ShouldBe(Guid.Empty);
    }
}
