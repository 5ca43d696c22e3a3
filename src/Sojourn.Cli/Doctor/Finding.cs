using System.Text.Json.Serialization;

namespace Sojourn.Cli.Doctor;

/// <summary>What one look has shown.</summary>
/// <param name="Check">What was looked at, in a word.</param>
/// <param name="Result"><c>ok</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="Message">What was found, as a sentence.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
internal sealed record Finding(string Check, string Result, string Message, string? Advice = null)
{
    /// <summary>What a failure means for the program's end.</summary>
    [JsonIgnore]
    public int ExitCode { get; init; }

    public static Finding Ok(string check, string message) => new(check, "ok", message);

    public static Finding Warn(string check, string message, string advice) => new(check, "warn", message, advice);

    public static Finding Fail(string check, int exitCode, string message, string? advice) =>
        new(check, "fail", message, advice) { ExitCode = exitCode };
}
