namespace Sojourn.Client.Explorer;

/// <summary>
/// One game of Cosmic Explorer on the server. Made by <see cref="SojournClient.Explorer"/>; holds nothing but its name.
/// All members may be used by many threads at once, and throw as those of <see cref="SojournClient"/> do.
/// </summary>
public sealed class ExplorerGame
{
    /// <summary>The kind of such sessions.</summary>
    public const string Kind = "explorer";

    // More than a server keeps of a game by default.
    private const int MostEvents = 1000;

    private readonly SojournClient _client;

    internal ExplorerGame(SojournClient client, string id) => (_client, Id) = (client, id);

    /// <summary>The game's id.</summary>
    public string Id { get; }

    /// <summary>Gets the game, or begins it; how often this arrives makes no difference.</summary>
    /// <param name="start">How it begins if it is not there.</param>
    /// <param name="labels">Names and values to find it by, if it is not there; null for none.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public Task<Session> GetOrBeginAsync(
        GameStart start, IReadOnlyDictionary<string, string>? labels = null, CancellationToken giveUp = default) =>
        _client.GetOrCreateAsync(Kind, Id, start, labels, giveUp);

    /// <summary>Begins the game anew; one that is there is gone then.</summary>
    /// <param name="start">How it begins.</param>
    /// <param name="labels">Names and values to find it by; null for none.</param>
    /// <param name="idempotencyKey">Names the one beginning; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; the game may have begun all the same.</param>
    public Task<Session> BeginAnewAsync(
        GameStart start, IReadOnlyDictionary<string, string>? labels = null, string? idempotencyKey = null,
        CancellationToken giveUp = default) =>
        _client.BeginAnewAsync(Kind, Id, start, labels, idempotencyKey, giveUp);

    /// <summary>What can be done now, and all that a player sees.</summary>
    public async Task<GameView> ViewAsync(CancellationToken giveUp = default)
    {
        var (view, version) = await _client.ReadVersionedAsync<GameView>(Part("options"), giveUp).ConfigureAwait(false);
        return view with { Version = version };
    }

    /// <summary>The map as the player knows it.</summary>
    public async Task<GameMap> MapAsync(CancellationToken giveUp = default) =>
        (await _client.ReadVersionedAsync<GameMap>(Part("map"), giveUp).ConfigureAwait(false)).Answer;

    /// <summary>Does something that a view offers.</summary>
    /// <param name="action">One of <see cref="GameView.Actions"/>.</param>
    /// <param name="expectedVersion">Only if the game is at this version; null for any.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; it may be done all the same.</param>
    /// <exception cref="SojournProblemException">
    /// <c>refused</c>: it cannot be done, and nothing has changed.
    /// </exception>
    public async Task<CommandAnswer<GameOutcome>> DoAsync(
        GameAction action, long? expectedVersion = null, string? idempotencyKey = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        var answer = await _client.SendAsync(
            Kind, Id, action.Command, action.Parameters, expectedVersion, idempotencyKey, giveUp).ConfigureAwait(false);
        return _client.Read(() => CommandAnswer<GameOutcome>.Of(answer));
    }

    /// <summary>What has happened up to a moment, in order, as far as the server still keeps it.</summary>
    /// <param name="until">The game as it was read; what came later is left out.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<IReadOnlyList<SessionEvent>> EventsAsync(Session until, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(until);
        var page = await _client.EventsAsync(Kind, Id, limit: MostEvents, giveUp: giveUp).ConfigureAwait(false);
        return [.. page.Events.Where(happened => string.CompareOrdinal(happened.Offset, until.LastEvent) <= 0)];
    }

    /// <summary>Reads the game as a session.</summary>
    public Task<Session> GetAsync(CancellationToken giveUp = default) => _client.GetAsync(Kind, Id, giveUp);

    /// <summary>Watches the game, as <see cref="SojournClient.WatchAsync"/> does.</summary>
    public IAsyncEnumerable<SessionNews> WatchAsync(string? after = null, CancellationToken stop = default) =>
        _client.WatchAsync(Kind, Id, after, stop);

    /// <summary>The game's save slots, in order, empty ones too.</summary>
    public async Task<SaveSlotList> SlotsAsync(CancellationToken giveUp = default) =>
        await _client.ReadAsync<SaveSlotList>(new Outgoing(HttpMethod.Get, Part("slots")), giveUp)
            .ConfigureAwait(false);

    /// <summary>Saves the game as it stands; what was in the slot stays as its previous save.</summary>
    /// <param name="slot">From 1; slot 0 is written by the server.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; it may be saved all the same.</param>
    public async Task<SaveSlot> SaveAsync(
        int slot, string? idempotencyKey = null, CancellationToken giveUp = default) =>
        await _client.ReadAsync<SaveSlot>(
            new Outgoing(HttpMethod.Put, Slot(slot)) { IdempotencyKey = _client.KeyOr(idempotencyKey) }, giveUp)
            .ConfigureAwait(false);

    /// <summary>Goes on from a save; how the game stood is gone, unless it was saved.</summary>
    /// <param name="slot">From 0.</param>
    /// <param name="previous">The save before the newest.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; it may be loaded all the same.</param>
    public async Task<Session> LoadAsync(
        int slot, bool previous = false, string? idempotencyKey = null, CancellationToken giveUp = default) =>
        await _client.ReadAsync<Session>(
            new Outgoing(HttpMethod.Post, Slot(slot) + "/load")
            {
                Body = SojournClient.Body(new { generation = previous ? "previous" : "current" }),
                IdempotencyKey = _client.KeyOr(idempotencyKey),
            },
            giveUp).ConfigureAwait(false);

    /// <summary>Brings back the newest good state of a slot whose stored record is damaged.</summary>
    public Task RestoreSlotAsync(int slot, CancellationToken giveUp = default) =>
        _client.ReadAsync<SaveSlot>(new Outgoing(HttpMethod.Post, Slot(slot) + "/restore"), giveUp);

    /// <summary>Empties a slot; slot 0 only once the game is removed.</summary>
    public Task RemoveSlotAsync(int slot, CancellationToken giveUp = default) =>
        _client.DeleteAsync(Slot(slot), giveUp);

    /// <summary>Removes the game. Its saves stay.</summary>
    public Task RemoveAsync(CancellationToken giveUp = default) => _client.RemoveAsync(Kind, Id, null, giveUp);

    private string Slot(int slot) => Part($"slots/{Address.Number(slot)}");

    private string Part(string name) => Address.Part(Kind, Id, name);
}
