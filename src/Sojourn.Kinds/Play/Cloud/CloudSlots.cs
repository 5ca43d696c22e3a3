using System.Globalization;
using System.Security.Cryptography;
using Sojourn.Stores;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>
/// The slots of games that are kept here, for all owners. Every member may be called from any thread.
/// </summary>
internal sealed class CloudSlots(SojournEngine engine, CloudSlotOptions options)
{
    // How often a slot may be removed in the midst of being written before that is given up.
    private const int MaxAttempts = 4;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The limits.</summary>
    public CloudSlotOptions Options => options;

    /// <summary>Who changes what, and after whom.</summary>
    public OwnerTurns Turns { get; } = new(options.MaxUploadsPerOwner, options.MaxUploads);

    /// <summary>Who downloads: a save is in memory as long as it is being sent.</summary>
    public OwnerTurns Downloads { get; } = new(options.MaxDownloadsPerOwner, options.MaxDownloads);

    /// <summary>Reads a slot's name; a problem if it is none.</summary>
    public Problem? TryName(OwnerId owner, string? game, string? slot, out CloudSlotName name)
    {
        name = new CloudSlotName(owner, game ?? "", slot ?? "");
        if (TryGame(game) is { } problem)
        {
            return problem;
        }

        var isNumber = int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && slot == number.ToString(CultureInfo.InvariantCulture) && number < options.NumberedSlots;
        return isNumber || slot is "quick" or "auto" ? null : CloudProblems.BadSlot(options.NumberedSlots);
    }

    /// <summary>A problem if this is no game's name.</summary>
    public static Problem? TryGame(string? game) =>
        SessionId.TryParse(game, out _) && game!.Length <= CloudSlotName.LongestGame ? null : CloudProblems.BadGame;

    /// <summary>The slots that hold something, those that were saved to last first.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="game">Of which game; null for all.</param>
    public async ValueTask<CloudSlotList> ListAsync(OwnerId owner, string? game)
    {
        var all = await ReadAllAsync(owner).ConfigureAwait(false);
        return new CloudSlotList(
            [
                .. all.Where(slot => game is null || slot.Slot.Game == game)
                    .OrderByDescending(slot => slot.Slot.Newest?.StoredAt),
            ],
            UsageOf(all));
    }

    /// <summary>A slot with all that is known of its saves.</summary>
    public async ValueTask<CloudAnswer<CloudSlot>> GetAsync(CloudSlotName name)
    {
        var answer = await engine.GetAsync(name.Key).ConfigureAwait(false);
        return answer.Problem?.Type switch
        {
            null => ((SessionView<CloudSlot>)answer.Reply).State is { Newest: not null } slot
                ? new(slot) : new(CloudProblems.Empty(name)),
            ProblemTypes.NotFound => new(CloudProblems.Empty(name)),
            ProblemTypes.Damaged => new(CloudProblems.Unreadable(name)),
            _ => new(answer.Problem!),
        };
    }

    /// <summary>A save with its bytes, which are checked.</summary>
    /// <param name="name">The slot.</param>
    /// <param name="generation">Which save; null for the newest.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async ValueTask<CloudAnswer<ReadSave>> ReadAsync(
        CloudSlotName name, long? generation, CancellationToken giveUp)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = await FindAsync(name, generation).ConfigureAwait(false);
            if (!found.IsAccepted)
            {
                return new(found.Problem);
            }

            var (slot, save) = (found.Stored!, found.Value);
            var bytes = await engine.ReadEntryAsync(name.Key, CloudSlotKind.Saves, save.Generation, giveUp)
                .ConfigureAwait(false);
            if (bytes is { } content && IsOf(content, save))
            {
                return new(new ReadSave(save, content));
            }

            // Perhaps it was dropped, or the slot written anew, since it was looked up.
            if (attempt == MaxAttempts)
            {
                return new(CloudProblems.Bad(name, slot, save));
            }
        }
    }

    /// <summary>A save's picture.</summary>
    public async ValueTask<CloudAnswer<ReadSave>> ReadScreenshotAsync(
        CloudSlotName name, long? generation, CancellationToken giveUp)
    {
        var found = await FindAsync(name, generation).ConfigureAwait(false);
        if (!found.IsAccepted)
        {
            return new(found.Problem);
        }

        return found.Value.Screenshot > 0 && await engine.ReadEntryAsync(
            name.Key, CloudSlotKind.Screenshots, found.Value.Screenshot, giveUp).ConfigureAwait(false) is { } picture
            ? new(new ReadSave(found.Value, picture))
            : new(CloudProblems.NoScreenshot(name));
    }

    /// <summary>Puts a save into a slot. Only in the owner's turn.</summary>
    public async Task<CloudAnswer<CloudSlot>> PutAsync(CloudSlotName name, PutCloudSave put, string? operation)
    {
        if (put.Content.IsEmpty)
        {
            return new(CloudProblems.NoContent);
        }

        // What a save calls its picture is not believed: browsers are told that it is a PNG.
        put = IsPng(put.Screenshot) ? put : put with { Screenshot = default };
        return await ChangeAsync(name, put, put.Content.Length + put.Screenshot.Length, operation)
            .ConfigureAwait(false);
    }

    /// <summary>Makes an older save the newest again. Only in the owner's turn.</summary>
    public async Task<CloudAnswer<CloudSlot>> RestoreAsync(
        CloudSlotName name, RestoreCloudSave restore, string? operation, CancellationToken giveUp)
    {
        var read = await ReadAsync(name, restore.Generation, giveUp).ConfigureAwait(false);
        if (!read.IsAccepted && (operation is null || read.Problem.Type != ProblemTypes.NotFound))
        {
            return new(read.Problem);
        }

        // Not there any more, it may have been restored already by this very request: then the answer to that is found.
        var picture = read.IsAccepted ? await ReadScreenshotAsync(name, restore.Generation, giveUp)
            .ConfigureAwait(false) : default;
        restore = restore with
        {
            Content = read.Value?.Bytes ?? default,
            Screenshot = picture.Value?.Bytes ?? default,
        };
        return await ChangeAsync(
            name, restore, restore.Content.Length + restore.Screenshot.Length, operation, mayOpen: false)
            .ConfigureAwait(false);
    }

    /// <summary>Gives the newest save its picture. Only in the owner's turn.</summary>
    public async Task<CloudAnswer<CloudSlot>> AttachAsync(
        CloudSlotName name, AttachScreenshot attach, string? operation) => IsPng(attach.Screenshot)
        ? await ChangeAsync(name, attach, attach.Screenshot.Length, operation, mayOpen: false).ConfigureAwait(false)
        : new(CloudProblems.NotPng);

    /// <summary>Empties a slot, damaged or not.</summary>
    public async Task<CloudAnswer<CloudSlot>> RemoveAsync(CloudSlotName name, SlotCondition condition)
    {
        for (var attempt = 1; ; attempt++)
        {
            var read = await engine.GetAsync(name.Key).ConfigureAwait(false);
            var slot = read.IsAccepted ? ((SessionView<CloudSlot>)read.Reply).State : null;
            if (!read.IsAccepted && read.Problem.Type != ProblemTypes.Damaged)
            {
                return new(read.Problem.Type == ProblemTypes.NotFound ? CloudProblems.Empty(name) : read.Problem);
            }

            if (slot is { Newest: null })
            {
                return new(CloudProblems.Empty(name));
            }

            if (slot is not null && !condition.Holds(slot))
            {
                return new(CloudProblems.Conflict(name, slot)) { Stored = slot };
            }

            var removed = await engine.RemoveAsync(name.Key, read.IsAccepted ? read.Reply.Version : null)
                .ConfigureAwait(false);
            if (removed.Problem?.Type != ProblemTypes.VersionMismatch || attempt == MaxAttempts)
            {
                return removed.IsAccepted ? new(slot ?? new CloudSlot(name.Game, name.Slot)) : new(removed.Problem);
            }
        }
    }

    /// <summary>Brings back the newest good state of a slot whose record is damaged.</summary>
    public async Task<CloudAnswer<CloudSlot>> RepairAsync(CloudSlotName name)
    {
        var restored = await engine.RestoreAsync(name.Key).ConfigureAwait(false);
        return restored.IsAccepted || restored.Problem.Type == ProblemTypes.NotFound
            ? await GetAsync(name).ConfigureAwait(false) : new(restored.Problem);
    }

    private static bool IsPng(ReadOnlyMemory<byte> picture) => picture.Span.StartsWith(Png);

    private static bool IsOf(ReadOnlyMemory<byte> content, CloudSave save) => content.Length == save.Size
        && Convert.ToHexStringLower(SHA256.HashData(content.Span)) == save.Sha256;

    private async ValueTask<CloudAnswer<CloudSave>> FindAsync(CloudSlotName name, long? generation)
    {
        var slot = await GetAsync(name).ConfigureAwait(false);
        return !slot.IsAccepted ? new(slot.Problem)
            : slot.Value.Find(generation) is { } save ? new(save) { Stored = slot.Value }
            : new(CloudProblems.NoGeneration(name, generation ?? 0));
    }

    private async Task<CloudAnswer<CloudSlot>> ChangeAsync(
        CloudSlotName name, ICommand<CloudSave> change, long bytes, string? operation, bool mayOpen = true)
    {
        if (await JudgeQuotaAsync(name, change, bytes).ConfigureAwait(false) is { } usage)
        {
            // Said again, what was done before is answered from memory and needs no room.
            var again = operation is null ? null : await ReplayAsync(name, change, operation).ConfigureAwait(false);
            return again ?? new(CloudProblems.OverQuota(usage.After, usage.Bytes)) { Usage = usage.Now };
        }

        var send = new SendOptions { Owner = name.Owner, OperationId = operation };
        for (var attempt = 1; ; attempt++)
        {
            var ends = await EndsAsync(name).ConfigureAwait(false);
            var changed = await engine.SendAsync(name.Key.Id, WithEnds(change, ends), send).ConfigureAwait(false);
            if (changed.Problem?.Type != ProblemTypes.NotFound || !mayOpen || attempt == MaxAttempts)
            {
                return await ShowAsync(name, changed).ConfigureAwait(false);
            }

            if (change is PutCloudSave { Condition: var condition }
                && !condition.Holds(new CloudSlot(name.Game, name.Slot)))
            {
                // An empty slot is not what was expected, so none is opened for it.
                return new(CloudProblems.Conflict(name, null));
            }

            // In a step of its own: the change itself must be the same command whether or not there was a slot, or a
            // repeated one would not be known again.
            var opened = await engine.CreateAsync(
                new OpenCloudSlot(name.Game, name.Slot),
                new CreateOptions { Owner = name.Owner, Id = name.Key.Id, GetIfExists = true }).ConfigureAwait(false);
            if (!opened.IsAccepted)
            {
                return new(opened.Problem);
            }
        }
    }

    private async ValueTask<SlotEnds> EndsAsync(CloudSlotName name)
    {
        var read = await engine.GetAsync(name.Key).ConfigureAwait(false);
        var streams = read.IsAccepted ? read.Reply.Streams : null;
        return new(
            streams?.GetValueOrDefault(CloudSlotKind.Saves)?.Last ?? 0,
            streams?.GetValueOrDefault(CloudSlotKind.Screenshots)?.Last ?? 0);
    }

    private static ICommand<CloudSave> WithEnds(ICommand<CloudSave> change, SlotEnds ends) => change switch
    {
        PutCloudSave put => put with { Ends = ends },
        RestoreCloudSave restore => restore with { Ends = ends },
        AttachScreenshot attach => attach with { Ends = ends },
        _ => throw new ArgumentException($"{change.GetType().Name} is no change of a slot.", nameof(change)),
    };

    private async Task<CloudAnswer<CloudSlot>?> ReplayAsync(
        CloudSlotName name, ICommand<CloudSave> change, string operation)
    {
        // Without its content nothing is changed but by a command that is refused, or answered as before.
        ICommand<CloudSave> bare = change switch
        {
            PutCloudSave put => put with { Content = default, Screenshot = default },
            RestoreCloudSave restore => restore with { Content = default, Screenshot = default },
            AttachScreenshot attach => attach with { Screenshot = default },
            _ => change,
        };
        var said = await engine.SendAsync(
            name.Key.Id, bare, new SendOptions { Owner = name.Owner, OperationId = operation }).ConfigureAwait(false);
        return said.IsReplay ? await ShowAsync(name, said).ConfigureAwait(false) : null;
    }

    private async Task<CloudAnswer<CloudSlot>> ShowAsync(CloudSlotName name, Answer<CloudSave> changed)
    {
        var slot = await GetAsync(name).ConfigureAwait(false);
        return changed.Problem switch
        {
            null => slot with { IsReplay = changed.IsReplay },
            { Code: CloudSlotKind.ConflictCode } =>
                new(CloudProblems.Conflict(name, slot.Value)) { Stored = slot.Value },
            { Code: CloudSlotKind.EmptyCode } or { Type: ProblemTypes.NotFound } => new(CloudProblems.Empty(name)),
            { Code: CloudSlotKind.NoGenerationCode } => new(changed.Problem with { Type = ProblemTypes.NotFound }),
            { Type: ProblemTypes.Damaged } => new(CloudProblems.Unreadable(name)),
            var problem => new(problem),
        };
    }

    /// <returns>Null if there is room; else what is used, and what would be.</returns>
    private async ValueTask<(CloudUsage Now, CloudUsage After, long Bytes)?> JudgeQuotaAsync(
        CloudSlotName name, ICommand<CloudSave> change, long bytes)
    {
        var all = await ReadAllAsync(name.Owner).ConfigureAwait(false);
        var now = UsageOf(all);
        var slot = all.FirstOrDefault(each => each.Slot.Game == name.Game && each.Slot.Slot == name.Slot)?.Slot;
        if (change is PutCloudSave put && put.Condition != SlotCondition.None && put.Sha256 == slot?.Newest?.Sha256)
        {
            // It is there already.
            return null;
        }

        if (change is RestoreCloudSave restore && restore.Generation == slot?.Newest?.Generation)
        {
            // The newest already: nothing changes.
            return null;
        }

        var dropped = change is AttachScreenshot || slot is null
            ? 0 : slot.All().Skip(options.OlderGenerations).Sum(save => save.Bytes);
        var after = now.Bytes - dropped + bytes;
        var slots = now.Slots + (slot is null ? 1 : 0);
        return after > options.MaxBytesPerOwner || slots > options.MaxSlotsPerOwner
            ? (now, now with { Slots = slots }, after) : null;
    }

    private CloudUsage UsageOf(List<ListedSlot> all) => new(
        all.Sum(slot => slot.Slot.TotalBytes()), options.MaxBytesPerOwner, all.Count, options.MaxSlotsPerOwner);

    private async ValueTask<List<ListedSlot>> ReadAllAsync(OwnerId owner)
    {
        var query = new SessionQuery { Kind = CloudSlotKind.KindName, Owner = owner };
        var keys = new HashSet<SessionKey>();
        // Those that were found damaged before are told of with their names alone.
        foreach (var each in (SessionQuery[])[query, query with { IsDamaged = true }])
        {
            await foreach (var key in engine.SelectAsync(each).ConfigureAwait(false))
            {
                keys.Add(key);
            }
        }

        var all = new List<ListedSlot>();
        foreach (var key in keys)
        {
            var read = await engine.GetAsync(key).ConfigureAwait(false);
            var slot = read.IsAccepted ? ((SessionView<CloudSlot>)read.Reply).State : Named(key.Id);
            if (slot.Newest is not null || read.Problem?.Type == ProblemTypes.Damaged)
            {
                all.Add(new ListedSlot(slot, !read.IsAccepted));
            }
        }

        return all;
    }

    private static CloudSlot Named(SessionId id)
    {
        var name = id.ToString();
        var dot = name.LastIndexOf('.');
        return new CloudSlot(name[..dot], name[(dot + 1)..]);
    }
}
