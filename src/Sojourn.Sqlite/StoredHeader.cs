using System.Text.Json;
using System.Text.Json.Serialization;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>A session's record but for its key and its state, as JSON.</summary>
internal sealed record StoredHeader
{
    private static readonly JsonSerializerOptions Json = new(SojournJson.Stored)
    {
        Converters = { new TailConverter() },
    };

    public long Version { get; init; }

    public string Status { get; init; } = "";

    public bool Busy { get; init; }

    public bool Final { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastActivityAt { get; init; }

    public DateTimeOffset StatusSince { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? WakeAt { get; init; }

    public long BusySince { get; init; }

    public long FirstEvent { get; init; }

    public long LastEvent { get; init; }

    public IReadOnlyList<LogMark>? EventMarks { get; init; }

    public long Bytes { get; init; }

    public IReadOnlyDictionary<string, StreamTail>? Tails { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public OperationWindow? Operations { get; init; }

    public DriverReport? Reported { get; init; }

    public static byte[] Write(SessionRecord record) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredHeader
        {
            Version = record.Version,
            Status = record.Status,
            Busy = record.IsBusy,
            Final = record.IsFinal,
            CreatedAt = record.CreatedAt,
            LastActivityAt = record.LastActivityAt,
            StatusSince = record.StatusSince,
            ExpiresAt = record.ExpiresAt,
            WakeAt = record.WakeAt,
            BusySince = record.BusySince,
            FirstEvent = record.FirstEvent,
            LastEvent = record.LastEvent,
            EventMarks = record.EventMarks.Count == 0 ? null : record.EventMarks,
            Bytes = record.Bytes,
            Tails = record.Tails.Count == 0 ? null : record.Tails,
            Labels = record.Labels.Count == 0 ? null : record.Labels,
            Operations = record.Operations,
            Reported = record.Reported,
        },
        Json);

    /// <summary>The record, without its state.</summary>
    /// <exception cref="DamagedRecordException">The bytes are not what was stored for this session.</exception>
    public static SessionRecord Read(SessionKey key, byte[] framed)
    {
        var json = Framing.Unwrap(key.ToString(), framed);
        try
        {
            return Read(key, json.Span);
        }
        catch (JsonException nonsense)
        {
            throw new DamagedRecordException($"{key}: the record cannot be read.", nonsense);
        }
    }

    private static SessionRecord Read(SessionKey key, ReadOnlySpan<byte> json)
    {
        var header = JsonSerializer.Deserialize<StoredHeader>(json, Json)
            ?? throw new DamagedRecordException($"{key}: the record is empty.");
        return new SessionRecord
        {
            Key = key,
            Version = header.Version,
            Status = header.Status,
            IsBusy = header.Busy,
            IsFinal = header.Final,
            CreatedAt = header.CreatedAt,
            LastActivityAt = header.LastActivityAt,
            StatusSince = header.StatusSince,
            ExpiresAt = header.ExpiresAt,
            WakeAt = header.WakeAt,
            BusySince = header.BusySince,
            FirstEvent = header.FirstEvent,
            LastEvent = header.LastEvent,
            EventMarks = header.EventMarks ?? [],
            Bytes = header.Bytes,
            Tails = header.Tails ?? new Dictionary<string, StreamTail>(StringComparer.Ordinal),
            Labels = header.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Operations = header.Operations,
            Reported = header.Reported,
            State = default,
        };
    }

    /// <summary>The first format knew only how far a stream reached, as a number.</summary>
    private sealed class TailConverter : JsonConverter<StreamTail>
    {
        public override StreamTail Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? new StreamTail(1, reader.GetInt64(), [])
                : JsonSerializer.Deserialize<StreamTail>(ref reader, SojournJson.Stored)!;

        public override void Write(Utf8JsonWriter writer, StreamTail value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, SojournJson.Stored);
    }
}

/// <summary>An operation's record but for its session and its id, as JSON.</summary>
internal sealed record StoredOperation(
    byte[] Hash, byte[]? Reply, long Version, long FirstEvent, long LastEvent, DateTimeOffset At)
{
    public static byte[] Write(OperationRecord operation) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredOperation(
            operation.Hash.ToArray(),
            operation.Reply.IsEmpty ? null : operation.Reply.ToArray(),
            operation.Version,
            operation.FirstEvent,
            operation.LastEvent,
            operation.At),
        SojournJson.Stored);

    public static OperationRecord Read(string id, ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<StoredOperation>(json, SojournJson.Stored) is { } stored
            ? new OperationRecord(
                id, stored.Hash, stored.Reply, stored.Version, stored.FirstEvent, stored.LastEvent, stored.At)
            : throw new DamagedRecordException($"operation {id}: the record is empty.");
}
