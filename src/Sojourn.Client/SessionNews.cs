using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client;

/// <summary>
/// What a watcher sees: a <see cref="SessionEvent"/>, a <see cref="SessionSnapshot"/>, a
/// <see cref="SessionRemoved"/>, a <see cref="ConnectionLost"/> or a <see cref="ConnectionRestored"/>. There are no
/// others.
/// </summary>
public abstract record SessionNews
{
    private protected SessionNews()
    {
    }
}

/// <summary>A fact about the session. A watcher sees each once, in order.</summary>
/// <param name="Offset">Its place in the log; sorts as text.</param>
/// <param name="Type">What happened, in kebab case.</param>
/// <param name="At">When.</param>
/// <param name="Version">The session's version after the step that produced it.</param>
public sealed record SessionEvent(string Offset, string Type, DateTimeOffset At, long Version) : SessionNews
{
    /// <summary>The particulars; null for events that have none.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What a newer server adds.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }

    /// <summary>
    /// Gives the event as a record, if it is of that type by <see cref="WireName"/>. Members that the record lacks
    /// are left out.
    /// </summary>
    /// <returns>False if it is an event of another type.</returns>
    /// <exception cref="JsonException">It is of the type, but of another shape.</exception>
    public bool TryRead<TEvent>([NotNullWhen(true)] out TEvent? happened)
        where TEvent : class
    {
        happened = Type == WireName.Of(typeof(TEvent))
            ? (Data ?? throw new JsonException($"The event '{Type}' has no data."))
                .Deserialize<TEvent>(ClientJson.OfKinds)
            : null;
        return happened is not null;
    }
}

/// <summary>
/// Events are missing because the server no longer keeps them; here is the session as it stands instead.
/// </summary>
/// <param name="Offset">The log goes on after this.</param>
/// <param name="Session">With its state.</param>
public sealed record SessionSnapshot(string Offset, Session Session) : SessionNews;

/// <summary>The session is gone; nothing follows.</summary>
/// <param name="Reason">
/// <c>removed</c>, <c>expired</c>, or <c>unseen</c> if that happened while there was no connection.
/// </param>
public sealed record SessionRemoved(string Reason) : SessionNews;

/// <summary>The stream broke, or could not be opened. It is tried again by itself; nothing will be missed.</summary>
/// <param name="Reason">A few words for people.</param>
/// <param name="Attempt">1 for the first attempt since news last arrived, then 2, 3…</param>
/// <param name="RetryIn">How long until that attempt.</param>
public sealed record ConnectionLost(string Reason, int Attempt, TimeSpan RetryIn) : SessionNews;

/// <summary>The stream stands again; what was missed follows.</summary>
/// <param name="Attempts">How many it took.</param>
public sealed record ConnectionRestored(int Attempts) : SessionNews;
