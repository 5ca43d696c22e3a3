using System.Text.Json;
using Sojourn.Mesh;
using Sojourn.Mesh.Settings;

namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>Something that went wrong, as a person and as a script get to know it.</summary>
internal sealed record Failure(int ExitCode, SojournProblem Problem, string? Hint = null)
{
    public static Failure Usage(string detail) => new(ExitCodes.Usage, Local("usage", "Bad usage", detail));

    /// <summary>A problem that this program found, not the server.</summary>
    public static SojournProblem Local(string type, string title, string? detail) =>
        new() { Type = SojournProblem.Prefix + type, Title = title, Detail = detail };

    /// <summary>Null for what nobody expected.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        SojournProblemException { Problem: { Status: 401 } problem } => new Failure(
            ExitCodes.NotAllowed, problem,
            "Give a key with SOJOURN_KEY or --key, or name the server's data directory with --data."),
        SojournProblemException { Problem: var problem } => new Failure(ExitCodes.Of(problem), problem),
        SojournConnectionException lost => new Failure(
            ExitCodes.NoServer, Local("no-server", "No server", lost.Message)),
        UsageException usage => Usage(usage.Message),
        MeshException here => new Failure(
            ExitCodes.Usage, Local("network", "No network here", here.Message)),
        SettingsException settings => new Failure(
            ExitCodes.Usage, Local("settings", "The settings cannot be used so", settings.Message)),
        IOException or UnauthorizedAccessException => new Failure(
            ExitCodes.Usage, Local("file", "A file cannot be used", exception.Message)),
        _ => null,
    };

    public void Tell(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Error.WriteLine(JsonSerializer.Serialize(Problem, CliJson.Line));
            return;
        }

        terminal.Error.WriteLine($"sojourn: {PlainText.Line(Problem.Detail ?? Problem.Title)}");
        if (Problem.Field is { } field)
            terminal.Error.WriteLine($"  parameter: {PlainText.Line(field)}");
        if (Problem.Code is { } code)
            terminal.Error.WriteLine($"  reason: {PlainText.Line(code)}");
        if (Problem.Current is { } current)
            terminal.Error.WriteLine($"  it is at version {current.Version}, status {PlainText.Line(current.Status)}");
        if (Problem.Retryable)
            terminal.Error.WriteLine("  The same request may succeed later.");
        if (Hint is not null)
            terminal.Error.WriteLine($"  {Hint}");
    }
}
