using System.Diagnostics;
using System.Globalization;

namespace Sojourn.FakeAgent;

/// <summary>What prompts can say, in both protocols. The rest of a prompt is the word's parameter.</summary>
/// <remarks>
/// say, think, tool, subagent, plan, ask, question, withdraw, background, wait, huge, garbage, crash, flood, twice,
/// late, unknown, grandchild, fail, limit, retry, errors, cut, history, files.
/// </remarks>
internal static class Script
{
    private const string Asked = "# What is asked\n\n";

    public static (string Word, string Parameter) Of(string prompt)
    {
        if (prompt.IndexOf(Asked, StringComparison.Ordinal) is >= 0 and var section)
        {
            // A prompt about a document has it in a section.
            prompt = prompt[(section + Asked.Length)..].Split('\n')[0];
        }

        var at = prompt.IndexOf(' ', StringComparison.Ordinal);
        return at < 0 ? (prompt, "") : (prompt[..at], prompt[(at + 1)..]);
    }

    public static int Number(string rest) => int.Parse(rest, CultureInfo.InvariantCulture);

    /// <summary>Text in pieces, as a model's tokens come.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        for (var at = 0; at < text.Length; at += 5)
        {
            yield return text.Substring(at, Math.Min(5, text.Length - at));
        }
    }

    /// <summary>Starts what runs away into a session of its own.</summary>
    /// <returns>Its process id.</returns>
    public static int LeaveGrandchild()
    {
        using var left = Process.Start(new ProcessStartInfo("setsid", ["sleep", "1000"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        return left.Id;
    }

    /// <summary>What a mute agent says of a prompt.</summary>
    public static void Taken() => Console.Error.WriteLine("taken");

    public static void Errors(int lines)
    {
        for (var at = 1; at <= lines; at++)
        {
            Console.Error.WriteLine($"error {at}");
        }
    }

    /// <summary>Dies with half a line written.</summary>
    public static void Crash(Wire wire)
    {
        wire.Raw("{\"type\":\"assistant\",\"mess");
        Process.GetCurrentProcess().Kill();
    }
}
