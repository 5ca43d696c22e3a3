using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Reads what a program that speaks in lines of JSON writes, and tells what comes of it.</summary>
internal sealed class ProgramReader(ProgramLink link)
{
    private const int FaultsAMinute = 10, ErrorsAMinute = 60, LongestQuote = 200, LongestError = 64 << 10;
    private const int LongestNotice = 4000;

    /// <summary>How deep a line may nest; tools' parameters may be of any shape.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    private readonly NoticeGauge _faults = new(link.Time, FaultsAMinute);

    /// <summary>
    /// Reads its output to the end. Lines that are there at once are told at once; the program waits meanwhile, if it
    /// writes more than its pipe holds.
    /// </summary>
    /// <param name="take">Is given each line that is an object, and adds what it means.</param>
    /// <param name="stop">Ends it.</param>
    public async Task ReadOutputAsync(Action<JsonElement, List<AgentNews>> take, CancellationToken stop)
    {
        var lines = new LineReader(link.Child.ReadAsync);
        List<AgentNews> news = [];
        while (await lines.ReadAsync(stop) is { } batch)
        {
            foreach (var line in batch)
            {
                Take(line, take, news);
            }

            await NewsBatches.TellAsync(link, news, stop);
            news.Clear();
        }
    }

    /// <summary>Reads its error output to the end: lines that come at once are one notice, and not too many.</summary>
    public async Task ReadErrorsAsync(CancellationToken stop)
    {
        var gauge = new NoticeGauge(link.Time, ErrorsAMinute);
        var lines = new LineReader(link.Child.ReadErrorAsync, LongestError);
        while (await lines.ReadAsync(stop) is { } batch)
        {
            var text = string.Join('\n', batch.Select(Readable));
            if (gauge.Pass(Telling.Cut(text, LongestNotice)) is { } notice)
            {
                await link.TellAsync(new AgentNews.Noticed(NoticeKind.Stderr, notice), stop);
            }
        }
    }

    private void Take(ProgramLine line, Action<JsonElement, List<AgentNews>> take, List<AgentNews> news)
    {
        if (line.Skipped > 0)
        {
            Complain($"It wrote a line of {line.Skipped:N0} bytes, which is too long and was skipped.", news);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(line.Bytes, Deep);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                take(document.RootElement, news);
                return;
            }
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            // Programs print to their output what belongs elsewhere; and one that was killed leaves half a line. The
            // other is of a string that is no text: one line is lost by that, and not the program.
        }

        Complain($"It wrote a line that is not of its protocol: {Quote(line)}", news);
    }

    private void Complain(string what, List<AgentNews> news)
    {
        if (_faults.Pass(what) is { } notice)
        {
            news.Add(new AgentNews.Noticed(NoticeKind.Protocol, notice));
        }
    }

    private static string Readable(ProgramLine line) => line.Skipped > 0
        ? $"(a line of {line.Skipped:N0} bytes)" : Encoding.UTF8.GetString(line.Bytes.Span);

    private static string Quote(ProgramLine line)
    {
        var begin = line.Bytes.Span[..Math.Min(line.Bytes.Length, LongestQuote * 4)];
        return Telling.Cut(Encoding.UTF8.GetString(begin), LongestQuote);
    }
}
