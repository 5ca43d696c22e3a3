using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client;

/// <summary>One session as the server tells it.</summary>
/// <param name="Id">Names it within its kind.</param>
/// <param name="Kind">What sort of session it is.</param>
/// <param name="Status">One of the kind's statuses.</param>
/// <param name="Version">The number of steps it has taken; also what <c>If-Match</c> compares.</param>
/// <param name="CreatedAt">When it began.</param>
public sealed record Session(string Id, string Kind, string Status, long Version, DateTimeOffset CreatedAt)
{
    /// <summary>Whom it belongs to.</summary>
    public string? Owner { get; init; }

    /// <summary>True while outside work is being done for it.</summary>
    public bool Busy { get; init; }

    /// <summary>True once it has ended and is only kept.</summary>
    public bool Final { get; init; }

    /// <summary>The newest version that would survive a power cut.</summary>
    public long DurableVersion { get; init; }

    /// <summary>The offset of its newest event; watching after it shows only what comes.</summary>
    public string? LastEvent { get; init; }

    /// <summary>When a command last changed or touched it.</summary>
    public DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When it will be removed; null if it is kept for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Names and values given at its start.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Its streams, by name, those of them that anything was appended to; empty in lists. Events are not among them.
    /// </summary>
    public IReadOnlyDictionary<string, StreamTail> Streams { get; init; } = new Dictionary<string, StreamTail>();

    /// <summary>What the kind keeps of it; null in lists.</summary>
    public JsonElement? State { get; init; }

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }

    /// <summary>The state as a record. Members that the record lacks are left out.</summary>
    /// <exception cref="InvalidOperationException">There is no state: lists leave it out.</exception>
    /// <exception cref="JsonException">It is of another shape.</exception>
    public TState ReadState<TState>()
        where TState : class
    {
        var state = State ?? throw new InvalidOperationException(
            $"{Kind}/{Id} came without its state, as in lists; get it by its id.");
        return state.Deserialize<TState>(ClientJson.OfKinds)
            ?? throw new JsonException($"The state of {Kind}/{Id} is null.");
    }
}

/// <summary>How far one of a session's streams is; <see cref="SojournClient.Log"/> reads it.</summary>
/// <param name="First">The number of the oldest entry that is kept, from 1.</param>
/// <param name="Last">The number of the newest.</param>
/// <param name="Bytes">The bytes of those that are kept.</param>
public sealed record StreamTail(long First, long Last, long Bytes);

/// <summary>What a command that was decided has done.</summary>
/// <param name="Version">The session's version after it.</param>
public sealed record CommandAnswer(long Version)
{
    /// <summary>The command's reply; null for commands that have none.</summary>
    public JsonElement? Reply { get; init; }

    /// <summary>The newest version that would survive a power cut.</summary>
    public long DurableVersion { get; init; }

    /// <summary>True if this is the stored answer to an earlier sending under the same idempotency key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The events that this command produced.</summary>
    public IReadOnlyList<SessionEvent> Events { get; init; } = [];

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }
}

/// <summary>One page of a list, newest sessions first.</summary>
/// <param name="Sessions">Sessions without their state.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record SessionPage(IReadOnlyList<Session> Sessions, string? Next = null);

/// <summary>One page of a session's event log.</summary>
/// <param name="Events">The events after the offset that was asked for, in order.</param>
/// <param name="Next">The offset to go on from.</param>
/// <param name="UpToDate">True if there is nothing after this page yet.</param>
public sealed record EventPage(IReadOnlyList<SessionEvent> Events, string Next, bool UpToDate)
{
    /// <summary>
    /// The session as it stands, instead of events that are no longer kept; null if none are missing.
    /// </summary>
    public Session? Snapshot { get; init; }
}
