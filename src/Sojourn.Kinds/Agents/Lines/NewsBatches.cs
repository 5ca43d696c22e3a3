using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Tells news in as few steps as there may be: each costs a place in the log.</summary>
internal static class NewsBatches
{
    /// <summary>The most text of one telling, in characters; a single long text goes alone.</summary>
    private const int MostText = 1 << 20;

    /// <summary>
    /// The longest text of one event. Written as JSON a character takes up to six bytes, and an event has at most 4
    /// MiB.
    /// </summary>
    public const int LongestText = 500_000;

    /// <summary>The longest piece of a text.</summary>
    public const int LongestDelta = 16_000;

    /// <summary>Tells all, in order; pieces of one text that follow each other become one.</summary>
    public static async Task TellAsync(ProgramLink link, IReadOnlyList<AgentNews> news, CancellationToken stop)
    {
        List<AgentNews> batch = [];
        var text = 0;
        foreach (var each in Merged(news))
        {
            var length = LengthOf(each);
            if (batch.Count == ProgramLink.MostNews || (batch.Count > 0 && text + length > MostText))
            {
                await link.TellAsync([.. batch], stop);
                batch.Clear();
                text = 0;
            }

            batch.Add(each);
            text += length;
        }

        if (batch.Count > 0)
        {
            await link.TellAsync([.. batch], stop);
        }
    }

    /// <summary>A whole text, in as many parts as it takes; what follows the first has names of its own.</summary>
    public static IEnumerable<AgentNews> Said(string message, string text, bool isThought) => Parts(text, LongestText)
        .Select((part, at) => new AgentNews.Said(at == 0 ? message : $"{message}+{at}", part, isThought));

    /// <summary>A piece of a text, in as many as it takes.</summary>
    public static IEnumerable<AgentNews> Delta(string message, string text, bool isThought) =>
        Parts(text, LongestDelta).Select(part => new AgentNews.Delta(message, part, isThought));

    /// <summary>A text cut into parts, and no character of it.</summary>
    public static IEnumerable<string> Parts(string text, int longest)
    {
        for (var from = 0; from < text.Length;)
        {
            var length = Math.Min(longest, text.Length - from);
            length -= from + length < text.Length && char.IsHighSurrogate(text[from + length - 1]) ? 1 : 0;
            yield return text.Substring(from, length);
            from += length;
        }
    }

    private static IEnumerable<AgentNews> Merged(IReadOnlyList<AgentNews> news)
    {
        AgentNews.Delta? open = null;
        foreach (var each in news)
        {
            if (open is not null && each is AgentNews.Delta next && next.Message == open.Message
                && next.IsThought == open.IsThought && open.Text.Length + next.Text.Length <= LongestDelta)
            {
                open = open with { Text = open.Text + next.Text };
                continue;
            }

            if (open is not null)
            {
                yield return open;
            }

            open = each as AgentNews.Delta;
            if (open is null)
            {
                yield return each;
            }
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    private static int LengthOf(AgentNews news) => news switch
    {
        AgentNews.Delta delta => delta.Text.Length,
        AgentNews.Said said => said.Text.Length,
        AgentNews.Tool tool => tool.Detail?.Length ?? 0,
        AgentNews.Noticed notice => notice.Text.Length,
        // All else is short.
        _ => 0,
    };
}
