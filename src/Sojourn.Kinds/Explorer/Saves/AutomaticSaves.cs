namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Sees to it that nobody reads an automatic slot that is behind its game. What was done since the slot was written is
/// in the game's events, so that this also holds where a hook has not heard of it yet, or never will after a crash.
/// </summary>
internal sealed class AutomaticSaves(SojournEngine engine, SaveSlots slots, PendingSaves pending)
{
    private const int Page = 500;

    private static readonly HashSet<string> Occasions =
        [WireName.Of(typeof(Travelled)), WireName.Of(typeof(Mined)), WireName.Of(typeof(Salvaged))];

    /// <summary>True for what is followed by an automatic save.</summary>
    public static bool IsOccasion(SessionEvent happened) => Occasions.Contains(happened.Type);

    /// <summary>Writes an automatic save that is due.</summary>
    /// <returns>True if there is such a game.</returns>
    public async ValueTask<bool> SettleAsync(SessionId game, OwnerId owner)
    {
        var key = new SessionKey(ExplorerKind.KindName, owner, game);
        await pending.SettledAsync(key);
        var played = await engine.GetAsync<Game>(game, owner);
        if (!played.IsAccepted)
        {
            return played.Problem.Type != ProblemTypes.NotFound;
        }

        if (played.Reply.State.Ending is null && await IsDueAsync(played.Reply))
        {
            // If it cannot be written, then the slot is shown as it is; whoever writes by itself has logged why.
            _ = await slots.WriteAutomaticAsync(played.Reply, SaveReason.Automatic);
        }

        return true;
    }

    private async ValueTask<bool> IsDueAsync(SessionView<Game> game)
    {
        var slot = await slots.ReadAsync(game.Key.Id, game.Key.Owner, SaveSlots.Automatic);
        if (!slot.IsAccepted || slot.Reply.View is { Status: SlotStatus.Damaged, Current: null })
        {
            // What cannot be read is not written over here: its owner is told, and decides.
            return false;
        }

        var origin = slot.Reply.Current?.Origin;
        var after = origin is not null && origin.Life == game.CreatedAt ? origin.LastEvent : 0;
        while (after < game.LastEvent)
        {
            var events = await engine.ReadEventsAsync(game.Key, after, Page);
            if (events.Any(IsOccasion))
            {
                return true;
            }

            if (events.Count == 0)
            {
                return false;
            }

            after = events[^1].Number;
        }

        return false;
    }
}
