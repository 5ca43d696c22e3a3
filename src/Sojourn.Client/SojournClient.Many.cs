using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sojourn.Client;

public sealed partial class SojournClient
{
    /// <summary>Lists one page of the sessions that match, newest first, without their states.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="kind">Of this kind; null for all kinds.</param>
    /// <param name="limit">1 to 500; null for the server's 100. A shorter page need not be the last.</param>
    /// <param name="cursor"><see cref="SessionPage.Next"/> of the page before; null for the first.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<SessionPage> ListPageAsync(
        SessionFilter filter, string? kind = null, int? limit = null, string? cursor = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var path = Address.Query(
            kind is null ? Address.Sessions : Address.Kind(kind),
            [.. filter.Parameters(), ("limit", Address.Number(limit)), ("cursor", cursor)]);
        return await ReadAsync<SessionPage>(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
    }

    /// <summary>Lists all sessions that match, newest first, fetching page after page as they are asked for.</summary>
    public async IAsyncEnumerable<Session> ListAsync(
        SessionFilter filter, string? kind = null, [EnumeratorCancellation] CancellationToken giveUp = default)
    {
        string? cursor = null;
        do
        {
            var page = await ListPageAsync(filter, kind, limit: 500, cursor, giveUp).ConfigureAwait(false);
            foreach (var session in page.Sessions)
                yield return session;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Counts the sessions that match, without reading or waking them.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="kind">Of this kind; null for all kinds.</param>
    /// <param name="atMost">Where counting stops, 1 to 1,000,000; null for the server's 10,000.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<SessionCount> CountAsync(
        SessionFilter? filter = null, string? kind = null, int? atMost = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Address.Sessions + "/count",
            [.. (filter ?? SessionFilter.None).Parameters(), ("kind", kind), ("atMost", Address.Number(atMost))]);
        return await ReadAsync<SessionCount>(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
    }

    /// <summary>Begins a session of this id anew: one that is there is removed first.</summary>
    /// <param name="kind">What sort of session.</param>
    /// <param name="id">Its id.</param>
    /// <param name="parameters">Its start parameters: anything that is written as a JSON object, or null.</param>
    /// <param name="labels">Names and values to find it by; null for none.</param>
    /// <param name="idempotencyKey">Names the one beginning; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; the session may have begun all the same.</param>
    public async Task<Session> BeginAnewAsync(
        string kind, string id, object? parameters = null, IReadOnlyDictionary<string, string>? labels = null,
        string? idempotencyKey = null, CancellationToken giveUp = default)
    {
        var marks = labels ?? new Dictionary<string, string>();
        var path = Address.Query(
            Address.Session(kind, id),
            [("fresh", "true"), .. marks.Select(mark => ("label", (string?)Address.Label(mark.Key, mark.Value)))]);
        var put = new Outgoing(HttpMethod.Put, path)
        {
            Body = Body(parameters),
            IdempotencyKey = KeyOr(idempotencyKey),
        };
        return await ReadAsync<Session>(put, giveUp).ConfigureAwait(false);
    }

    /// <summary>Counts as activity: a session that is used without a command does not look idle.</summary>
    public async Task<Session> TouchAsync(string kind, string id, CancellationToken giveUp = default) =>
        await ReadAsync<Session>(
            new Outgoing(HttpMethod.Post, Address.Session(kind, id) + "/touch") { Repeatable = true }, giveUp)
            .ConfigureAwait(false);

    /// <summary>Sets labels of a session, and removes those whose value is null.</summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="labels">At most 16, names of 1 to 64 characters without colon, values of at most 64.</param>
    /// <param name="expectedVersion">Do it only if the session is at this version; null for any.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; the labels may be set all the same.</param>
    public async Task<Session> LabelAsync(
        string kind, string id, IReadOnlyDictionary<string, string?> labels, long? expectedVersion = null,
        string? idempotencyKey = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var put = new Outgoing(HttpMethod.Put, Address.Session(kind, id) + "/labels")
        {
            Body = Body(labels),
            ExpectedVersion = expectedVersion,
            IdempotencyKey = KeyOr(idempotencyKey),
        };
        return await ReadAsync<Session>(put, giveUp).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends one command to many sessions of a kind; each decides it for itself. Sent once: after a connection that
    /// broke, sending it again under the same idempotency key has no second effect on those that were reached.
    /// </summary>
    /// <param name="kind">The sessions' kind.</param>
    /// <param name="which">Which sessions.</param>
    /// <param name="command">The command's name, in kebab case.</param>
    /// <param name="parameters">Its parameters: anything that is written as a JSON object, or null.</param>
    /// <param name="idempotencyKey">Names the one effect on each session; null for none.</param>
    /// <param name="giveUp">Breaks it off; those that were reached stay changed.</param>
    /// <returns>A result for each session, as they come.</returns>
    /// <exception cref="SojournConnectionException">The answer broke off before its end.</exception>
    public IAsyncEnumerable<ManyResult> SendManyAsync(
        string kind, Selection which, string command, object? parameters = null, string? idempotencyKey = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(which);
        ArgumentException.ThrowIfNullOrEmpty(command);
        return BulkAsync(kind, which, command, parameters, idempotencyKey, giveUp);
    }

    /// <summary>Removes many sessions of a kind. Sent once.</summary>
    /// <returns>A result for each session, as they come.</returns>
    /// <exception cref="SojournConnectionException">The answer broke off before its end.</exception>
    public IAsyncEnumerable<ManyResult> RemoveManyAsync(
        string kind, Selection which, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(which);
        return BulkAsync(kind, which, "remove", parameters: null, idempotencyKey: null, giveUp);
    }

    private async IAsyncEnumerable<ManyResult> BulkAsync(
        string kind, Selection which, string command, object? parameters, string? idempotencyKey,
        [EnumeratorCancellation] CancellationToken giveUp)
    {
        // With their nulls: a parameter without a default must be sent.
        JsonElement? given = parameters is null
            ? null : JsonSerializer.SerializeToElement(parameters, ClientJson.OfKinds);
        bool? all = which.IsAll ? true : null;
        var asked = new { command, ids = which.Ids, where = which.Filter, all, parameters = given };
        var post = new Outgoing(HttpMethod.Post, Address.Kind(kind) + "/bulk")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(asked, ClientJson.Options),
            IdempotencyKey = idempotencyKey is null ? null : KeyOr(idempotencyKey),
        };
        using var request = post.ToRequest();
        using var response = await _exchange.OpenAsync(request, giveUp).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(giveUp).ConfigureAwait(false);
        var guarded = new SilenceGuard(body, _options.SilenceLimit, _options.TimeProvider);
        await using var closing = guarded.ConfigureAwait(false);
        await foreach (var result in new ManyResults(guarded, _options.Url).ReadAsync(giveUp).ConfigureAwait(false))
            yield return result;
    }
}

/// <summary>How many sessions there are.</summary>
/// <param name="Count">The number.</param>
/// <param name="AtLeast">True if counting stopped there, so that there may be more.</param>
public sealed record SessionCount(long Count, bool AtLeast)
{
    /// <inheritdoc />
    public override string ToString() =>
        Count.ToString("N0", CultureInfo.InvariantCulture) + (AtLeast ? " or more" : "");
}
