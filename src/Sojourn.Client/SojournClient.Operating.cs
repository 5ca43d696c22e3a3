namespace Sojourn.Client;

public sealed partial class SojournClient
{
    // A little more than a server takes at most, so that its own answer comes first.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(65);

    /// <summary>What there is and what happens: your own; with an admin key everybody's and the store's.</summary>
    /// <param name="owner">With an admin key, only this owner's; null for everybody's.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<ServerStatistics> StatisticsAsync(string? owner = null, CancellationToken giveUp = default) =>
        await ReadAsync<ServerStatistics>(
            new Outgoing(HttpMethod.Get, Address.Query(Address.Stats, ("owner", owner))), giveUp).ConfigureAwait(false);

    /// <summary>
    /// Puts the newest good snapshot in a damaged session's place. One that can be read is left as it is. Needs an
    /// admin key.
    /// </summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="owner">Whose it is; null for your own.</param>
    /// <param name="giveUp">Ends the waiting; it may be restored all the same.</param>
    /// <exception cref="SojournProblemException"><c>damaged</c> if nothing good of it is left.</exception>
    public async Task<Session> RestoreAsync(
        string kind, string id, string? owner = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(Address.Session(kind, id) + "/restore", ("owner", owner));
        return await ReadAsync<Session>(new Outgoing(HttpMethod.Post, path) { Repeatable = true }, giveUp)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Backs the whole store up into a new directory on the server, reads it back and compares it. Sent once; waits for
    /// up to an hour. Needs an admin key.
    /// </summary>
    /// <param name="name">What to call it: 1 to 64 of a-z, 0-9 and '-'; null for the date and time.</param>
    /// <param name="giveUp">Breaks it off; then there is no backup.</param>
    public async Task<Backup> BackUpAsync(string? name = null, CancellationToken giveUp = default) =>
        await ReadAsync<Backup>(
            new Outgoing(HttpMethod.Post, Address.Admin("backup")) { Body = Body(new { name }), Limit = LongestRun },
            giveUp).ConfigureAwait(false);

    /// <summary>
    /// Compares every stored record with its checksum. Waits for up to an hour. Needs an admin key.
    /// </summary>
    public async Task<Verification> VerifyAsync(CancellationToken giveUp = default) =>
        await ReadAsync<Verification>(
            new Outgoing(HttpMethod.Post, Address.Admin("verify")) { Limit = LongestRun }, giveUp)
            .ConfigureAwait(false);

    /// <summary>
    /// Removes the sessions that match and are not busy. Waits for up to an hour. Needs an admin key.
    /// </summary>
    /// <param name="filter">Which; an empty one is refused.</param>
    /// <param name="kind">Of this kind; null for all kinds.</param>
    /// <param name="owner">Of this owner; null for everybody.</param>
    /// <param name="limit">The most to remove, 1 to 100,000; null for the server's 10,000.</param>
    /// <param name="giveUp">Breaks it off; what was removed stays so.</param>
    public async Task<CleanUpResult> CleanUpAsync(
        SessionFilter filter, string? kind = null, string? owner = null, int? limit = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var post = new Outgoing(HttpMethod.Post, Address.Admin("clean-up"))
        {
            Body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new { where = filter, kind, owner, limit }, ClientJson.Options),
            Limit = LongestRun,
        };
        return await ReadAsync<CleanUpResult>(post, giveUp).ConfigureAwait(false);
    }
}

/// <summary>A backup that was made and compared with what it was made of.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Directory">Where it lies on the server.</param>
/// <param name="Sessions">Sessions in it.</param>
/// <param name="Entries">Entries of their streams in it.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="DamagedRecords">How many of its records were damaged before, and are so in the copy.</param>
/// <param name="Damaged">A sentence for each of the first 1,000 of these.</param>
public sealed record Backup(
    string Name,
    string Directory,
    long Sessions,
    long Entries,
    long Bytes,
    long DamagedRecords,
    IReadOnlyList<string> Damaged);

/// <summary>What a verification has found.</summary>
/// <param name="Sessions">Sessions read.</param>
/// <param name="Entries">Entries of their streams read.</param>
/// <param name="DamagedRecords">How many records do not match their checksums.</param>
/// <param name="Damaged">A sentence for each of the first 1,000 of these.</param>
public sealed record Verification(long Sessions, long Entries, long DamagedRecords, IReadOnlyList<string> Damaged);

/// <summary>What a clean-up has done.</summary>
/// <param name="Removed">Sessions removed.</param>
/// <param name="More">True if the limit was reached, so that there may be more.</param>
public sealed record CleanUpResult(long Removed, bool More);
