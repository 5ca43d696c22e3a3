namespace Sojourn.Kinds.Generation;

/// <summary>A piece that a report brings, and what is noted of its making: what it used, and whether a fallback made
/// it.</summary>
internal sealed record MadePiece(PieceKind Piece, int? Scene, int? Revision, Receipt? Receipt)
{
    private Fallback? Fallback => Receipt?.FallbackReason is { } reason
        ? new Fallback(Piece, Scene, Revision, Spoken(reason))
        : null;

    /// <summary>A reason as it is stored: never blank, never long.</summary>
    public static string Spoken(string? reason)
    {
        const int longest = 1_000;
        var told = string.IsNullOrWhiteSpace(reason) ? "The generator gave no reason." : reason.Trim();
        return told.Length <= longest ? told : string.Concat(told.AsSpan(0, longest - 1), "…");
    }

    /// <summary>The state with this noted in it.</summary>
    public Generation NotedIn(Generation state) => state with
    {
        Usage = state.Usage.Plus(Receipt?.Usage ?? Usage.None),
        Fallbacks =
        [
            .. state.Fallbacks.Where(earlier => earlier.Piece != Piece || earlier.Scene != Scene),
            .. Fallback is { } now ? new[] { now } : [],
        ],
    };

    /// <summary>The step with the event of a fallback, if there was one.</summary>
    public Step<Generation> ToldBy(Step<Generation> step, int run) => Fallback is { } now
        ? step.Event(new PieceFellBack(run, now.Piece, now.Scene, now.Revision, now.Reason))
        : step;
}
