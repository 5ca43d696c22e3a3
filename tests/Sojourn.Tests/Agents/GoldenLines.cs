using System.Text.Json;
using Sojourn.Kinds.Agents;

namespace Sojourn.Tests.Agents;

/// <summary>
/// Lines as programs write them, and beside them what each means. Files are added to, and never
/// changed.
/// </summary>
internal static class GoldenLines
{
    public static string[] Names(string protocol) =>
        [.. Directory.GetFiles(DirectoryOf(protocol), "*.jsonl").Select(Path.GetFileNameWithoutExtension).Order()!];

    /// <summary>Reads a file's lines, and compares what they mean with what is written beside them.</summary>
    public static void Check(string protocol, string name, Action<JsonElement, List<AgentNews>> take)
    {
        var path = Path.Combine(DirectoryOf(protocol), name);
        List<string> told = [];
        foreach (var line in File.ReadLines($"{path}.jsonl"))
        {
            using var document = JsonDocument.Parse(line);
            List<AgentNews> news = [];
            take(document.RootElement, news);
            told.Add(news.Count == 0 ? "-" : string.Join(" / ", news.Select(Shown)));
        }

        told.ShouldBe(File.ReadAllLines($"{path}.txt"));
    }

    private static string DirectoryOf(string protocol) =>
        Path.Combine(AppContext.BaseDirectory, "Agents", protocol, "Golden");

    private static string Shown(AgentNews news)
    {
        var shown = news switch
        {
            AgentNews.Asked(var ask) => $"Asked {ask.Id} {ask.Tool} \"{ask.Title}\" {ask.Detail} "
                + $"[{string.Join(", ", ask.Choices.Select(each => $"{(each.Allows ? '+' : '-')}{each.Id}"))}] "
                + $"[{string.Join(", ", ask.Questions.Select(
                    each => $"{each.Text} {string.Join('|', each.Options)}"))}]",
            AgentNews.Planned(var steps) =>
                $"Planned {string.Join(", ", steps.Select(step => $"{step.Text}: {step.State}"))}",
            // A record shows itself.
            _ => news.ToString(),
        };
        return shown.ReplaceLineEndings("\\n");
    }
}
