using System.Text.Json;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

/// <summary>How a generation's run ended. There are no other ends than those below.</summary>
internal abstract record RunEnd
{
    private RunEnd()
    {
    }

    /// <summary>The storyboard is ready.</summary>
    public sealed record Completed : RunEnd;

    /// <summary>The run gave up; a <c>retry</c> may help.</summary>
    public sealed record Failed(string Reason) : RunEnd;

    /// <summary>Somebody cancelled it.</summary>
    public sealed record Cancelled : RunEnd;

    /// <summary>The session is gone.</summary>
    public sealed record Removed(string Reason) : RunEnd;

    /// <summary>Null for an event that ends nothing.</summary>
    public static RunEnd? Of(SessionEvent news) => news.Type switch
    {
        "generation-completed" => new Completed(),
        "generation-failed" => new Failed(ReasonIn(news.Data)),
        "generation-cancelled" => new Cancelled(),
        _ => null,
    };

    /// <summary>Null if the run goes on.</summary>
    public static RunEnd? Of(Session session) => session switch
    {
        { Final: false } => null,
        { Status: "completed" } => new Completed(),
        { Status: "cancelled" } => new Cancelled(),
        _ => new Failed(ReasonIn(session.State)),
    };

    private static string ReasonIn(JsonElement? from) =>
        Json.Text(from, "error") ?? Json.Text(Json.Member(from, "error"), "message") ?? "no reason was given";
}
