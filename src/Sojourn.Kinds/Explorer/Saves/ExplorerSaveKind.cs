namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Save slots of games, a session each, so that one that is damaged takes no other with it and no game grows by what is
/// saved of it. Only code in this process writes them: nobody can put a game there that was never played.
/// </summary>
internal sealed class ExplorerSaveKind : Kind<SavedSlot>
{
    /// <summary>The kind's name in the store.</summary>
    public const string KindName = "explorer-save";

    public ExplorerSaveKind(ExplorerOptions options)
        : base(KindName, options.ToSavePolicy())
    {
        Start<OpenSlot>((_, _) => Go(new SavedSlot()));
        OnDriver<WriteSave>((slot, write, context) => Go(Write(slot, write, context.Now)));
    }

    private static SavedSlot Write(SavedSlot slot, WriteSave write, DateTimeOffset now)
    {
        var save = write.Save with { SavedAt = now, Reason = write.Reason };
        if (slot.Current is not { } current)
        {
            return new SavedSlot(save);
        }

        if (SavedGames.TryRead(current, out _) is not null)
        {
            // What went bad is not worth the place of the good one that is perhaps before it.
            return new SavedSlot(save, slot.Previous);
        }

        var isAutomatic = save.Reason != SaveReason.Manual;
        if (isAutomatic && IsNoNewer(save, current))
        {
            return slot;
        }

        // The same game once more pushes out nothing.
        return save.Sha256 == current.Sha256
            ? isAutomatic ? slot : slot with { Current = save }
            : new SavedSlot(save, current);
    }

    /// <summary>True if a save that was overtaken on its way arrives now.</summary>
    private static bool IsNoNewer(Save save, Save current) =>
        save.Origin is { } mine && current.Origin is { } theirs
        && mine.Life == theirs.Life && mine.Version <= theirs.Version;
}
