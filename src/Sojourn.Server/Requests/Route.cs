using Microsoft.AspNetCore.Http;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>Reads what the path names.</summary>
internal static class Route
{
    /// <summary>The kind, or a problem that says which ones there are.</summary>
    public static HttpProblem? ReadKind(HttpContext context, SojournEngine engine, out KindDescription kind) =>
        FindKind((string)context.Request.RouteValues["kind"]!, engine, out kind);

    /// <summary>The kind of this name, or a problem that says which ones there are.</summary>
    public static HttpProblem? FindKind(string name, SojournEngine engine, out KindDescription kind)
    {
        if (engine.Kinds.TryGetValue(name, out kind!) && !KeyKind.IsHidden(name))
        {
            return null;
        }

        var kinds = string.Join(", ", KeyKind.Others(engine).Select(known => known.Name));
        return new(ProblemTypes.UnknownKind, $"There is no kind '{Shortened(name)}'; there is: {kinds}.");
    }

    /// <summary>The kind and the session's key.</summary>
    public static HttpProblem? ReadSession(
        HttpContext context, OwnerId owner, SojournEngine engine, out KindDescription kind, out SessionKey key)
    {
        key = default;
        if (ReadKind(context, engine, out kind) is { } problem)
        {
            return problem;
        }

        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return BadId();
        }

        key = new SessionKey(kind.Name, owner, id);
        return null;
    }

    /// <summary>The command of this name, or a problem that says which ones there are.</summary>
    public static HttpProblem? FindCommand(string name, KindDescription kind, out CommandDescription command)
    {
        if (kind.Commands.TryGetValue(name, out command!))
        {
            return null;
        }

        var commands = kind.Commands.Count == 0
            ? "it has none" : $"it has: {string.Join(", ", kind.Commands.Keys.Order(StringComparer.Ordinal))}";
        return new(ProblemTypes.UnknownCommand,
            $"The kind '{kind.Name}' has no command '{Shortened(name)}'; {commands}.");
    }

    /// <summary>What an id is.</summary>
    public static HttpProblem BadId() => new(HttpProblemTypes.InvalidId,
        $"An id is 1 to {SessionId.MaxLength} characters of a-z, 0-9, '.', '_' and '-', "
        + "the first a letter or a digit.");

    /// <summary>So much of a client's own words that it knows them again.</summary>
    public static string Shortened(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 63), "…");
}
