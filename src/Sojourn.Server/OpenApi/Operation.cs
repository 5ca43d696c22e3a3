using System.Text.Json.Nodes;

namespace Sojourn.Server.OpenApi;

/// <summary>One request that the server takes, as the document tells of it.</summary>
/// <param name="Method">In lower case.</param>
/// <param name="Path">With the kind's name in place.</param>
/// <param name="Id">Names it in the whole document.</param>
/// <param name="Summary">What it does, in one line.</param>
internal sealed record Operation(string Method, string Path, string Id, string Summary)
{
    /// <summary>What it belongs to: a kind, or the server.</summary>
    public required string Tag { get; init; }

    /// <summary>More than the summary; null if that says it all.</summary>
    public string? Description { get; init; }

    /// <summary>Names of shared parameters, those of the path apart.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Parameters that no other operation has.</summary>
    public IReadOnlyList<JsonObject> OwnParameters { get; init; } = [];

    /// <summary>The schema of the body; null if it takes none.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>True if it takes a body of any type.</summary>
    public bool TakesBytes { get; init; }

    /// <summary>What it answers if all is well.</summary>
    public required IReadOnlyList<Outcome> Outcomes { get; init; }

    /// <summary>The statuses of its problems, besides those that every request may meet.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>True if it needs no key.</summary>
    public bool IsOpen { get; init; }

    /// <summary>True if it takes a member's own secret in place of a key.</summary>
    public bool TakesSecret { get; init; }

    /// <summary>True if a browser's cookie will not do for a key.</summary>
    public bool NeedsKey { get; init; }
}

/// <summary>A good answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Says">What that means.</param>
/// <param name="Headers">Its headers, those apart that every answer has.</param>
internal sealed record Outcome(int Status, string Says, params string[] Headers)
{
    /// <summary>The schema of a JSON body; null if it is no JSON.</summary>
    public JsonObject? Json { get; init; }

    /// <summary>Other media types that the body may have.</summary>
    public IReadOnlyList<string> Media { get; init; } = [];
}
