using System.Globalization;
using System.Security.Cryptography;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// The save slots of games. Each game has its own; they belong to its owner and outlive the game, until they are
/// removed. Slot 0 is written automatically, the others by hand; each keeps the save before its newest. Every member
/// may be called from any thread.
/// </summary>
public sealed class SaveSlots
{
    /// <summary>The slot for automatic saves.</summary>
    public const int Automatic = 0;

    /// <summary>The largest file that can be imported, in bytes.</summary>
    public const int MaxFileBytes = SaveFile.MaxBytes;

    /// <summary>How often a slot may be removed in the midst of being written before that is given up.</summary>
    private const int MaxAttempts = 4;

    private readonly SojournEngine _engine;
    private readonly TimeProvider _time;
    private readonly SaveFile _files;
    private readonly AutomaticSaves _automatic;
    private readonly SlotPlaces _places;

    /// <summary>Made by <c>AddExplorer</c>.</summary>
    internal SaveSlots(
        SojournEngine engine, int count, ReadOnlyMemory<byte>? exportKey, TimeProvider time, PendingSaves pending)
    {
        (_engine, _time, Count) = (engine, time, count);
        _files = new SaveFile(exportKey ?? RandomNumberGenerator.GetBytes(32));
        _automatic = new AutomaticSaves(engine, this, pending);
        _places = new SlotPlaces(engine);
    }

    /// <summary>How many slots a game has, the automatic one among them.</summary>
    public int Count { get; }

    /// <summary>A file has more than <see cref="MaxFileBytes"/>.</summary>
    internal static Problem FileTooLarge => SaveFile.TooLarge();

    /// <summary>The longest id that a game with slots has.</summary>
    internal int LongestId => SessionId.MaxLength - 1 - (Count - 1).ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>All slots of a game, empty ones too. An automatic save that is due is written first.</summary>
    /// <param name="game">The game's id.</param>
    /// <param name="owner">Whose.</param>
    public async ValueTask<SlotAnswer<IReadOnlyList<SlotView>>> ListAsync(SessionId game, OwnerId owner = default)
    {
        if (TryName(game, owner, Automatic, out _) is { } problem)
        {
            return new(problem);
        }

        var isThere = await SettleAsync(game, owner);
        var slots = new List<SlotView>();
        for (var slot = 0; slot < Count; slot++)
        {
            var seen = await ReadAsync(game, owner, slot);
            if (!seen.IsAccepted)
            {
                return new(seen.Problem);
            }

            slots.Add(seen.Reply.View);
        }

        return !isThere && slots.TrueForAll(slot => slot.Status == SlotStatus.Empty)
            ? new(SlotProblems.NoGame(game)) : new((IReadOnlyList<SlotView>)slots);
    }

    /// <summary>Saves a game as it stands.</summary>
    /// <param name="game">The game's id.</param>
    /// <param name="slot">1 to <see cref="Count"/> - 1.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="options">The version that the slot must have, and an operation id; null for none.</param>
    /// <returns>The slot.</returns>
    public async ValueTask<SlotAnswer<SlotView>> SaveAsync(
        SessionId game, int slot, OwnerId owner = default, SlotOptions? options = null)
    {
        if ((TryName(game, owner, slot, out var key) ?? RefuseAutomatic(slot, isRemoval: false)) is { } problem)
        {
            return new(problem);
        }

        var played = await _engine.GetAsync<Game>(game, owner);
        return !played.IsAccepted ? new(played.Problem)
            : played.Reply.State.Ending is not null ? new(SlotProblems.GameOver())
            : await WriteAsync(
                key, slot, new WriteSave(SaveReason.Manual, null) { Save = SavedGames.Of(played.Reply) }, options);
    }

    /// <summary>
    /// Puts what a slot holds in the place of the game, as it stood: a fight that was on is on again. A game that is
    /// gone begins anew with it.
    /// </summary>
    /// <param name="game">The game's id.</param>
    /// <param name="slot">0 to <see cref="Count"/> - 1.</param>
    /// <param name="generation">Which of its saves.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="options">The version that the game must have, and an operation id; null for none.</param>
    /// <returns>The game.</returns>
    public async ValueTask<SlotAnswer<SessionView<Game>>> LoadAsync(
        SessionId game, int slot, SaveGeneration generation = SaveGeneration.Current, OwnerId owner = default,
        SlotOptions? options = null)
    {
        var found = await FindAsync(game, owner, slot, generation);
        return found.IsAccepted
            ? await TakeUpAsync(game, owner, new TakeUpSave(found.Reply.Game, slot), options)
            : new(found.Problem);
    }

    /// <summary>Empties a slot. Slot 0 only once its game is gone.</summary>
    /// <param name="game">The game's id.</param>
    /// <param name="slot">1 to <see cref="Count"/> - 1, or 0 of a game that is no more.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="expectedVersion">The version that the slot must have; null for any.</param>
    public async ValueTask<SlotAnswer<Nothing>> RemoveAsync(
        SessionId game, int slot, OwnerId owner = default, long? expectedVersion = null)
    {
        if (TryName(game, owner, slot, out var key) is { } problem)
        {
            return new(problem);
        }

        if (slot == Automatic
            && (await _engine.GetAsync<Game>(game, owner)).Problem?.Type != ProblemTypes.NotFound)
        {
            return new(SlotProblems.Automatic(isRemoval: true));
        }

        var seen = await ReadAsync(game, owner, slot);
        if (!seen.IsAccepted || seen.Reply.View.Status == SlotStatus.Empty)
        {
            return new(seen.Problem ?? SlotProblems.Empty(slot));
        }

        var removed = await _engine.RemoveAsync(key, expectedVersion);
        return removed.IsAccepted ? new(Nothing.Value) : new(Explain(removed.Problem, slot));
    }

    /// <summary>
    /// Brings back the newest good state of a slot whose stored record is damaged. One that can be read stays as it is.
    /// </summary>
    /// <param name="game">The game's id.</param>
    /// <param name="slot">0 to <see cref="Count"/> - 1.</param>
    /// <param name="owner">Whose.</param>
    public async ValueTask<SlotAnswer<SlotView>> RestoreAsync(SessionId game, int slot, OwnerId owner = default)
    {
        if (TryName(game, owner, slot, out var key) is { } problem)
        {
            return new(problem);
        }

        var restored = await _engine.RestoreAsync(key);
        return restored.IsAccepted ? await ViewAsync(game, owner, slot) : new(Explain(restored.Problem, slot));
    }

    /// <summary>
    /// A save as a file, which <see cref="ImportAsync"/> reads back where the same export key is set.
    /// </summary>
    /// <param name="game">The game's id.</param>
    /// <param name="slot">0 to <see cref="Count"/> - 1.</param>
    /// <param name="generation">Which of its saves.</param>
    /// <param name="owner">Whose.</param>
    public async ValueTask<SlotAnswer<ExportedSave>> ExportAsync(
        SessionId game, int slot, SaveGeneration generation = SaveGeneration.Current, OwnerId owner = default)
    {
        var found = await FindAsync(game, owner, slot, generation);
        return found.IsAccepted
            ? new(new ExportedSave(string.Create(CultureInfo.InvariantCulture,
                $"{game}-slot-{slot}-turn-{found.Reply.Save.Metadata.Turn}.json"),
                _files.Write(found.Reply.Save, _time.GetUtcNow())))
            : new(found.Problem);
    }

    /// <summary>Takes an exported save up as the game; one that is gone begins anew with it.</summary>
    /// <param name="game">The game's id; it need not be the one that was exported.</param>
    /// <param name="file">The file, byte for byte.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="options">The version that the game must have, and an operation id; null for none.</param>
    /// <returns>The game.</returns>
    public async ValueTask<SlotAnswer<SessionView<Game>>> ImportAsync(
        SessionId game, ReadOnlyMemory<byte> file, OwnerId owner = default, SlotOptions? options = null)
    {
        Game? saved = null;
        var problem = TryName(game, owner, Automatic, out _) ?? _files.TryRead(file.Span, out _, out saved);
        if (problem is not null)
        {
            return new(problem);
        }

        await SettleAsync(game, owner);
        return await TakeUpAsync(game, owner, new TakeUpSave(saved!, null), options);
    }

    /// <summary>Puts an exported save into a slot; the game goes on as it is, if there is one.</summary>
    /// <param name="game">The game's id; it need not be the one that was exported.</param>
    /// <param name="slot">1 to <see cref="Count"/> - 1.</param>
    /// <param name="file">The file, byte for byte.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="options">The version that the slot must have, and an operation id; null for none.</param>
    /// <returns>The slot.</returns>
    public async ValueTask<SlotAnswer<SlotView>> ImportToSlotAsync(
        SessionId game, int slot, ReadOnlyMemory<byte> file, OwnerId owner = default, SlotOptions? options = null)
    {
        Save? save = null;
        var problem = TryName(game, owner, slot, out var key) ?? RefuseAutomatic(slot, isRemoval: false)
            ?? _files.TryRead(file.Span, out save, out _);
        return problem is null
            ? await WriteAsync(key, slot, new WriteSave(SaveReason.Manual, save!.Sha256) { Save = save }, options)
            : new(problem);
    }

    /// <summary>Saves games of an owner to their automatic slots, some at a time.</summary>
    /// <param name="games">Which.</param>
    /// <param name="owner">Whose.</param>
    /// <returns>What came of each, in order. A game that is over is not saved.</returns>
    public async ValueTask<IReadOnlyList<SavedGame>> SaveAllAsync(
        IReadOnlyCollection<SessionId> games, OwnerId owner = default)
    {
        ArgumentNullException.ThrowIfNull(games);
        var saved = new List<SavedGame>();
        foreach (var some in games.Chunk(16))
        {
            saved.AddRange(await Task.WhenAll(some.Select(async game =>
                new SavedGame(game, await SaveNowAsync(game, owner)))));
        }

        return saved;
    }

    /// <summary>Writes an automatic save that is due, if one is.</summary>
    /// <returns>True if there is such a game.</returns>
    internal ValueTask<bool> SettleAsync(SessionId game, OwnerId owner) => _automatic.SettleAsync(game, owner);

    /// <summary>Writes a game to its automatic slot.</summary>
    /// <param name="game">The game.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isAsked">True if its owner asked for it, which counts as a command.</param>
    internal async ValueTask<SlotAnswer<SlotView>> WriteAutomaticAsync(
        SessionView<Game> game, SaveReason reason, bool isAsked = false)
    {
        if (TryName(game.Key.Id, game.Key.Owner, Automatic, out var key) is { } problem)
        {
            return new(problem);
        }

        var write = new WriteSave(reason, null) { Save = SavedGames.Of(game) };
        var options = new SlotOptions { IsUpkeep = !isAsked };
        var written = await WriteAsync(key, Automatic, write, options);
        // Nobody can save to it by hand, so that nobody would notice that it is not saved to at all.
        return written.Problem is { Type: ProblemTypes.Damaged } && (await _engine.RestoreAsync(key)).IsAccepted
            ? await WriteAsync(key, Automatic, write, options) : written;
    }

    /// <summary>A slot with what is in it. Problems are those of the store; damage is none.</summary>
    internal async ValueTask<SlotAnswer<SlotReading>> ReadAsync(SessionId game, OwnerId owner, int slot)
    {
        if (TryName(game, owner, slot, out var key) is { } problem)
        {
            return new(problem);
        }

        var answer = await _engine.GetAsync(key);
        return answer.Problem?.Type switch
        {
            null => new(SlotReading.Of(slot, (SessionView<SavedSlot>)answer.Reply)),
            ProblemTypes.NotFound => new(SlotReading.Empty(slot)),
            ProblemTypes.Damaged => new(SlotReading.Unreadable(slot)),
            _ => new(answer.Problem!),
        };
    }

    private async ValueTask<SlotAnswer<SlotView>> SaveNowAsync(SessionId game, OwnerId owner)
    {
        var played = await _engine.GetAsync<Game>(game, owner);
        return !played.IsAccepted ? new(played.Problem)
            : played.Reply.State.Ending is not null ? new(SlotProblems.GameOver())
            : await WriteAutomaticAsync(played.Reply, SaveReason.Automatic, isAsked: true);
    }

    private async ValueTask<SlotAnswer<FoundSave>> FindAsync(
        SessionId game, OwnerId owner, int slot, SaveGeneration generation)
    {
        if (TryName(game, owner, slot, out _) is { } problem)
        {
            return new(problem);
        }

        // Before a load too that is from another slot: what it takes the place of was perhaps not saved yet.
        await SettleAsync(game, owner);
        var seen = await ReadAsync(game, owner, slot);
        return seen.IsAccepted ? seen.Reply.Find(generation) : new(seen.Problem);
    }

    private async ValueTask<SlotAnswer<SlotView>> WriteAsync(
        SessionKey key, int slot, WriteSave write, SlotOptions? options)
    {
        var send = options?.ToSend(key.Owner);
        Answer<object?> written = default;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            written = await _engine.SendAsync(key, write, send);
            if (written.Problem?.Type != ProblemTypes.NotFound || options?.ExpectedVersion is not null)
            {
                break;
            }

            // In a step of its own: the write itself must be the same command whether or not there was a slot, or a
            // repeated one would not be known again.
            if (await _places.OpenAsync(key, options?.IsUpkeep == true) is { } problem)
            {
                return new(Explain(problem, slot));
            }
        }

        if (!written.IsAccepted)
        {
            return new(Explain(written.Problem, slot));
        }

        var seen = await _engine.GetAsync(key);
        return seen.IsAccepted
            ? new(SlotReading.Of(slot, (SessionView<SavedSlot>)seen.Reply).View) { IsReplay = written.IsReplay }
            : new(Explain(seen.Problem, slot));
    }

    private async ValueTask<SlotAnswer<SessionView<Game>>> TakeUpAsync(
        SessionId game, OwnerId owner, TakeUpSave save, SlotOptions? options)
    {
        var send = options?.ToSend(owner) ?? new SendOptions { Owner = owner };
        Answer<Nothing> taken = default;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            taken = await _engine.SendAsync(game, save, send);
            if (taken.Problem?.Type != ProblemTypes.NotFound || send.ExpectedVersion is not null)
            {
                break;
            }

            var begun = await _engine.CreateAsync(
                new StartGame(save.Game.Pilot, save.Game.MapSeed),
                new CreateOptions { Owner = owner, Id = game, GetIfExists = true });
            if (!begun.IsAccepted)
            {
                return new(begun.Problem);
            }
        }

        var problem = taken.Problem;
        var view = problem is null ? await _engine.GetAsync<Game>(game, owner) : default;
        return (problem ?? view.Problem) is { } fault ? new(fault) : new(view.Reply) { IsReplay = taken.IsReplay };
    }

    private async ValueTask<SlotAnswer<SlotView>> ViewAsync(SessionId game, OwnerId owner, int slot)
    {
        var seen = await ReadAsync(game, owner, slot);
        return seen.IsAccepted ? new(seen.Reply.View) : new(seen.Problem);
    }

    private Problem? TryName(SessionId game, OwnerId owner, int slot, out SessionKey key)
    {
        key = default;
        if (slot < 0 || slot >= Count)
        {
            return SlotProblems.OutOfRange(Count);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{game}.{slot}");
        if (game.ToString().Length > LongestId || !SessionId.TryParse(name, out var id))
        {
            return SlotProblems.IdTooLong(LongestId);
        }

        key = new SessionKey(ExplorerSaveKind.KindName, owner, id);
        return null;
    }

    private static Problem? RefuseAutomatic(int slot, bool isRemoval) =>
        slot == Automatic ? SlotProblems.Automatic(isRemoval) : null;

    private static Problem Explain(Problem problem, int slot) => problem.Type switch
    {
        ProblemTypes.Damaged => SlotProblems.Unreadable(slot),
        ProblemTypes.NotFound => SlotProblems.Empty(slot),
        ProblemTypes.VersionMismatch => SlotProblems.Changed(slot, problem.Current?.Version ?? 0),
        _ => problem,
    };
}
