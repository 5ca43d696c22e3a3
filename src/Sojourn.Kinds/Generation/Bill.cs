namespace Sojourn.Kinds.Generation;

/// <summary>
/// What one piece costs while it is being made. The driver opens a bill for each piece, the generator adds to it as
/// soon as a model has answered, and what stands on it is stored in the same commit as the piece, or as the failure.
/// Used by one piece at a time; not safe from several threads.
/// </summary>
/// <param name="before">What the session had used before this piece.</param>
public sealed class Bill(Usage before)
{
    /// <summary>What this piece has used so far.</summary>
    public Usage Usage { get; private set; } = Usage.None;

    /// <summary>What the session has used, this piece included: what a budget is held against.</summary>
    public Usage Total => before.Plus(Usage);

    /// <summary>Why the piece was made by a fallback; null if it was not.</summary>
    public string? FallbackReason { get; private set; }

    /// <summary>Adds what was used.</summary>
    public void Add(Usage usage) => Usage = Usage.Plus(usage);

    /// <summary>Says that the piece is made by simpler means than were asked for.</summary>
    /// <param name="reason">Why, in a sentence for people; never a secret.</param>
    public void FellBack(string reason) => FallbackReason = reason;
}

/// <summary>What models were used for. All numbers only grow while a session lives.</summary>
/// <param name="Calls">Requests sent, those that failed included.</param>
/// <param name="PromptTokens">Tokens sent to text models, as they counted them.</param>
/// <param name="CompletionTokens">Tokens that text models wrote, as they counted them.</param>
/// <param name="Images">Pictures drawn, those that could not be used included.</param>
/// <param name="Cost">The sum by the configured prices, in their currency; 0 without prices.</param>
public sealed record Usage(
    long Calls = 0,
    long PromptTokens = 0,
    long CompletionTokens = 0,
    long Images = 0,
    decimal Cost = 0)
{
    /// <summary>Nothing at all.</summary>
    public static Usage None { get; } = new();

    /// <summary>This and the other together.</summary>
    public Usage Plus(Usage other) => other is null ? this : new(
        Calls + other.Calls,
        PromptTokens + other.PromptTokens,
        CompletionTokens + other.CompletionTokens,
        Images + other.Images,
        Cost + other.Cost);
}

/// <summary>What a storyboard is made of.</summary>
public enum PieceKind
{
    /// <summary>What was found in the story.</summary>
    Analysis,

    /// <summary>How the story is cut.</summary>
    Plan,

    /// <summary>The words of a scene.</summary>
    Text,

    /// <summary>The picture of a scene.</summary>
    Picture,
}

/// <summary>A piece that was made by a fallback, because the generator that was asked for could not make it.</summary>
/// <param name="Piece">What it is.</param>
/// <param name="Scene">The scene, from 1; null for the analysis and the plan.</param>
/// <param name="Revision">In which version of the scene; null for the analysis and the plan.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
public sealed record Fallback(PieceKind Piece, int? Scene, int? Revision, string Reason);
