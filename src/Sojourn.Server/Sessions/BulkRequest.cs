using System.Text.Json;

namespace Sojourn.Server.Sessions;

/// <summary>One command for many sessions of a kind.</summary>
/// <param name="Command">The command's name, or <c>remove</c>.</param>
/// <param name="Ids">The sessions by their ids, at most 1,000, each once; or <c>where</c>, or <c>all</c>.</param>
/// <param name="Where">Which sessions, however many; something must be asked for.</param>
/// <param name="Parameters">The command's parameters, the same for all; a removal takes none.</param>
/// <param name="All">True to mean every session of the kind that the caller has.</param>
internal sealed record BulkRequest(
    string Command,
    IReadOnlyList<string>? Ids = null,
    SessionFilter? Where = null,
    JsonElement? Parameters = null,
    bool All = false)
{
    /// <summary>What stands for a removal.</summary>
    public const string Remove = "remove";

    public const int MostIds = 1_000;
}
