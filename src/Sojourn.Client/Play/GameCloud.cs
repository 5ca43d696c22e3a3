using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sojourn.Client.Play;

/// <summary>
/// The saves of one game that are kept on the server. Made by <see cref="SojournClient.Play"/>; holds nothing but the
/// game's name. All members may be used by many threads at once, and throw as those of <see cref="SojournClient"/> do.
/// A conflict is no exception but an answer.
/// </summary>
public sealed class GameCloud
{
    // A save of 16 MiB on a slow line.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly SojournClient _client;

    internal GameCloud(SojournClient client, string game) => (_client, Game) = (client, game);

    /// <summary>The game's name.</summary>
    public string Game { get; }

    /// <summary>The slots that hold something, those that were saved to last first.</summary>
    public async Task<CloudSlotList> ListSlotsAsync(CancellationToken giveUp = default) =>
        await _client.ReadAsync<CloudSlotList>(new Outgoing(HttpMethod.Get, Address.PlaySlots(Game)), giveUp)
            .ConfigureAwait(false);

    /// <summary>What a slot holds; null if it is empty.</summary>
    public async Task<CloudSlot?> GetSlotAsync(string slot, CancellationToken giveUp = default)
    {
        try
        {
            return await _client.ReadAsync<CloudSlot>(new Outgoing(HttpMethod.Get, Slot(slot) + "/metadata"), giveUp)
                .ConfigureAwait(false);
        }
        catch (SojournProblemException none) when (none.Problem.Name == "not-found")
        {
            return null;
        }
    }

    /// <summary>Uploads a save. What the slot held stays as an older save.</summary>
    /// <param name="slot"><c>0</c> and up, <c>quick</c> or <c>auto</c>.</param>
    /// <param name="content">The save, at least one byte.</param>
    /// <param name="details">What it is about; null for nothing.</param>
    /// <param name="condition">What the slot must hold.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; it may be stored all the same.</param>
    /// <exception cref="SojournProblemException"><c>quota-exceeded</c>: the owner's saves take up too much.</exception>
    public Task<CloudChange> UploadSlotAsync(
        string slot, ReadOnlyMemory<byte> content, CloudSaveDetails? details, CloudCondition condition,
        string? idempotencyKey = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        (string, string?)[] query =
        [
            .. (details ?? new()).ToQuery(),
            ("force", condition == CloudCondition.Whatever ? "true" : null),
        ];
        return ChangeAsync(With(condition, HttpMethod.Put, Address.Query(Slot(slot), query)) with
        {
            Body = content.ToArray(),
            ContentType = "application/octet-stream",
            ContentDigest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content.Span))}:",
            IdempotencyKey = _client.KeyOr(idempotencyKey),
            Limit = Longest,
        }, giveUp);
    }

    /// <summary>Gives the newest save its picture, once.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="png">The picture.</param>
    /// <param name="etag">The save that it is of.</param>
    /// <param name="giveUp">Ends the waiting; it may be stored all the same.</param>
    public Task<CloudChange> AttachScreenshotAsync(
        string slot, ReadOnlyMemory<byte> png, string etag, CancellationToken giveUp = default) =>
        ChangeAsync(With(CloudCondition.Still(etag), HttpMethod.Put, Slot(slot) + "/screenshot") with
        {
            Body = png.ToArray(),
            ContentType = "image/png",
            IdempotencyKey = _client.KeyOr(null),
        }, giveUp);

    /// <summary>Downloads a save; null if the slot is empty, or keeps no such generation.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">Which of its saves; null for the newest.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournConnectionException">The bytes were changed on their way.</exception>
    public async Task<DownloadedSave?> DownloadSlotAsync(
        string slot, long? generation = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Slot(slot), ("generation", generation?.ToString(CultureInfo.InvariantCulture)));
        try
        {
            using var response = await _client.SendAsync(
                new Outgoing(HttpMethod.Get, path) { Limit = Longest }, giveUp).ConfigureAwait(false);
            var content = await response.Content.ReadAsByteArrayAsync(giveUp).ConfigureAwait(false);
            var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";
            var isWhole = response.Content.Headers.TryGetValues("Content-Digest", out var told)
                || response.Headers.TryGetValues("Content-Digest", out told)
                ? told.Contains(digest) : throw Strange("The save has no checksum.");
            return isWhole && response.Headers.ETag is { } etag
                && response.Headers.TryGetValues("Save-Generation", out var which)
                && long.TryParse(which.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new DownloadedSave(number, etag.ToString(), content)
                : throw Strange("The save is not what its checksum says.");
        }
        catch (SojournProblemException none) when (none.Problem.Name == "not-found")
        {
            return null;
        }
    }

    /// <summary>A save's picture, a PNG; null if it has none.</summary>
    public async Task<ReadOnlyMemory<byte>?> ScreenshotAsync(
        string slot, long? generation = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Slot(slot) + "/screenshot", ("generation", generation?.ToString(CultureInfo.InvariantCulture)));
        try
        {
            using var response = await _client.SendAsync(new Outgoing(HttpMethod.Get, path), giveUp)
                .ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(giveUp).ConfigureAwait(false);
        }
        catch (SojournProblemException none) when (none.Problem.Name == "not-found")
        {
            return null;
        }
    }

    /// <summary>Makes an older save the newest again; what was the newest stays as an older one.</summary>
    public Task<CloudChange> RestoreSlotAsync(
        string slot, long generation, CloudCondition? condition = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Slot(slot) + "/restore", ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        return ChangeAsync(With(condition ?? CloudCondition.Whatever, HttpMethod.Post, path) with
        {
            IdempotencyKey = _client.KeyOr(null),
        }, giveUp);
    }

    /// <summary>Brings back the newest good state of a slot whose record is damaged.</summary>
    public Task<CloudChange> RepairSlotAsync(string slot, CancellationToken giveUp = default) =>
        ChangeAsync(new Outgoing(HttpMethod.Post, Slot(slot) + "/restore") { Repeatable = true }, giveUp);

    /// <summary>Empties a slot, its older saves too. One that is empty stays so.</summary>
    public async Task<CloudChange> DeleteSlotAsync(
        string slot, CloudCondition? condition = null, CancellationToken giveUp = default)
    {
        try
        {
            using var response = await _client.SendAsync(
                With(condition ?? CloudCondition.Whatever, HttpMethod.Delete, Slot(slot)), giveUp)
                .ConfigureAwait(false);
            return new CloudChange.Done(null);
        }
        catch (SojournProblemException none) when (none.Problem.Name == "not-found")
        {
            return new CloudChange.Done(null);
        }
        catch (SojournProblemException conflict) when (conflict.Problem.Code == "slot-conflict")
        {
            return ConflictOf(conflict);
        }
    }

    private async Task<CloudChange> ChangeAsync(Outgoing change, CancellationToken giveUp)
    {
        try
        {
            return new CloudChange.Done(await _client.ReadAsync<CloudSlot>(change, giveUp).ConfigureAwait(false));
        }
        catch (SojournProblemException conflict) when (conflict.Problem.Code == "slot-conflict")
        {
            return ConflictOf(conflict);
        }
    }

    private CloudChange.Conflict ConflictOf(SojournProblemException conflict)
    {
        var stored = conflict.Problem.More is { } more && more.TryGetValue("stored", out var json)
            ? _client.Read(() => json.Deserialize<CloudSlot>(ClientJson.Options)) : null;
        return new CloudChange.Conflict(stored, conflict.Message);
    }

    private static Outgoing With(CloudCondition condition, HttpMethod method, string path) => new(method, path)
    {
        ExpectedTag = condition.ETag,
        OnlyIfNew = condition.MustBeEmpty,
    };

    private SojournConnectionException Strange(string what) => _client.NotSojourn(new JsonException(what));

    private string Slot(string slot) => Address.PlaySlot(Game, slot);
}
