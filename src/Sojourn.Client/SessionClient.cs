using System.Text.Json;

namespace Sojourn.Client;

/// <summary>
/// One session on the server, for programs that share the kind's records: commands and their replies are typed. Made by
/// <see cref="SojournClient.Session"/>; holds nothing but names, so that many may be made. All members may be used by
/// many threads at once, and throw as those of <see cref="SojournClient"/> do.
/// </summary>
public sealed class SessionClient
{
    private readonly SojournClient _client;

    internal SessionClient(SojournClient client, string kind, string id) => (_client, Kind, Id) = (client, kind, id);

    /// <summary>The session's kind.</summary>
    public string Kind { get; }

    /// <summary>The session's id.</summary>
    public string Id { get; }

    /// <summary>Has the session decide a command. It takes effect once, however often it has to be sent.</summary>
    /// <param name="command">What is asked. Its name on the wire is its type's, by <see cref="WireName"/>.</param>
    /// <param name="expectedVersion">Decide it only if the session is at this version; null for any.</param>
    /// <param name="idempotencyKey">
    /// Names the one effect, 1 to 128 printable ASCII characters: the same command under the same key, also from
    /// another process, gets the same reply. Null for a random one, see the options.
    /// </param>
    /// <param name="giveUp">Ends the waiting; the command may take effect all the same.</param>
    public async Task<CommandAnswer<TReply>> SendAsync<TReply>(
        ICommand<TReply> command, long? expectedVersion = null, string? idempotencyKey = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var answer = await _client.SendAsync(
            Kind, Id, WireName.Of(command.GetType()), command, expectedVersion, idempotencyKey, giveUp)
            .ConfigureAwait(false);
        try
        {
            return CommandAnswer<TReply>.Of(answer);
        }
        catch (JsonException strange)
        {
            throw _client.NotSojourn(strange);
        }
    }

    /// <summary>Reads the session; see <see cref="Client.Session.ReadState{TState}"/> for its state.</summary>
    public Task<Session> GetAsync(CancellationToken giveUp = default) => _client.GetAsync(Kind, Id, giveUp);

    /// <summary>
    /// Watches the session, as <see cref="SojournClient.WatchAsync"/> does. <see cref="SessionEvent.TryRead{TEvent}"/>
    /// gives an event as the record that it was made from.
    /// </summary>
    /// <param name="after">The last offset known; null for the beginning, <c>now</c> for only what comes.</param>
    /// <param name="stop">Ends the watching with an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<SessionNews> WatchAsync(string? after = null, CancellationToken stop = default) =>
        _client.WatchAsync(Kind, Id, after, stop);

    /// <summary>Removes the session and its streams.</summary>
    /// <param name="expectedVersion">Remove it only if it is at this version; null for any.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public Task RemoveAsync(long? expectedVersion = null, CancellationToken giveUp = default) =>
        _client.RemoveAsync(Kind, Id, expectedVersion, giveUp);
}

/// <summary>What a command that was decided has done, with its reply.</summary>
/// <param name="Reply">
/// The reply: <see cref="Nothing.Value"/> for commands that have none. Members that this program's record lacks are
/// left out.
/// </param>
/// <param name="Version">The session's version after it.</param>
public sealed record CommandAnswer<TReply>(TReply Reply, long Version)
{
    /// <summary>The newest version that would survive a power cut.</summary>
    public long DurableVersion { get; init; }

    /// <summary>True if this is the stored answer to an earlier sending under the same idempotency key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The events that this command produced.</summary>
    public IReadOnlyList<SessionEvent> Events { get; init; } = [];

    internal static CommandAnswer<TReply> Of(CommandAnswer answer) => new(Read(answer.Reply), answer.Version)
    {
        DurableVersion = answer.DurableVersion,
        Replayed = answer.Replayed,
        Events = answer.Events,
    };

    private static TReply Read(JsonElement? reply)
    {
        if (Nothing.Value is TReply nothing)
            return nothing;
        if (reply is { } json)
            return json.Deserialize<TReply>(ClientJson.OfKinds)!;
        return default(TReply) is null
            ? default!
            : throw new JsonException($"The answer has no reply; a {typeof(TReply).Name} is expected.");
    }
}
