using Sojourn.Stores;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Opens slots. There may be as many as all games together can have, and slots outlive their game: when there is no
/// place for one more, some are of games that are gone. Those that were written longest ago go first, so that what
/// others left behind never keeps anybody from being saved.
/// </summary>
internal sealed class SlotPlaces(SojournEngine engine)
{
    // This part of all slots goes at once, so that not every new slot has to look through all.
    private const int Part = 100;

    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Opens a slot, or finds it open.</summary>
    /// <param name="slot">Which.</param>
    /// <param name="isUpkeep">As <see cref="CreateOptions.IsUpkeep"/>.</param>
    /// <returns>Why it cannot be opened; null if it is.</returns>
    public async ValueTask<Problem?> OpenAsync(SessionKey slot, bool isUpkeep)
    {
        var opened = await BeginAsync(slot, isUpkeep);
        if (opened?.Type != ProblemTypes.Full)
        {
            return opened;
        }

        Task<Problem?> opening;
        lock (_gate)
        {
            _last = opening = OpenAfterAsync(_last, slot, isUpkeep);
        }

        return await opening;
    }

    // One after another: perhaps the one before has made place for this one too.
    private async Task<Problem?> OpenAfterAsync(Task before, SessionKey slot, bool isUpkeep)
    {
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        var opened = await BeginAsync(slot, isUpkeep);
        if (opened?.Type != ProblemTypes.Full)
        {
            return opened;
        }

        await MakePlaceAsync();
        return await BeginAsync(slot, isUpkeep);
    }

    private async ValueTask<Problem?> BeginAsync(SessionKey slot, bool isUpkeep) => (await engine.CreateAsync(
        slot.Kind, new OpenSlot(),
        new CreateOptions { Owner = slot.Owner, Id = slot.Id, GetIfExists = true, IsUpkeep = isUpkeep })).Problem;

    private async ValueTask MakePlaceAsync()
    {
        var games = new HashSet<(OwnerId, string)>();
        await foreach (var game in ListAsync(ExplorerKind.KindName))
        {
            games.Add((game.Key.Owner, game.Key.Id.ToString()));
        }

        var all = 0;
        var left = new List<(SessionKey Slot, string Game, long Version, DateTimeOffset WrittenAt)>();
        await foreach (var slot in ListAsync(ExplorerSaveKind.KindName))
        {
            all++;
            var name = slot.Key.Id.ToString();
            var game = name[..name.LastIndexOf('.')];
            if (!games.Contains((slot.Key.Owner, game)))
            {
                left.Add((slot.Key, game, slot.Version, slot.LastActivityAt));
            }
        }

        foreach (var (slot, game, version, _) in left.OrderBy(each => each.WrittenAt).Take(Math.Max(1, all / Part)))
        {
            // It may have begun again since it was looked for.
            if ((await engine.GetAsync<Game>(game, slot.Owner)).Problem?.Type == ProblemTypes.NotFound)
            {
                _ = await engine.RemoveAsync(slot, version);
            }
        }
    }

    private async IAsyncEnumerable<SessionView> ListAsync(string kind)
    {
        for (var next = new SessionQuery { Kind = kind, Owner = null, Limit = SessionQuery.MaxLimit }; ;)
        {
            var page = await engine.ListAsync(next);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            if (page.Next is null)
            {
                yield break;
            }

            next = next with { Cursor = page.Next };
        }
    }
}
