using Sojourn.Kinds.Streams;
using Sojourn.Server.Parties;

namespace Sojourn.Server;

/// <summary>How the server answers. Checked when it is mapped, all faults at once.</summary>
public sealed class SojournServerOptions
{
    /// <summary>The smallest and the largest <see cref="MaxBodyBytes"/>.</summary>
    internal const int LeastBodyBytes = 1 << 10, MostBodyBytes = 16 << 20;

    private const int ShortestKey = 16, LongestKey = 256;

    /// <summary>
    /// What a request must carry as <c>Authorization: Bearer KEY</c> to act for the owner <see cref="OwnerId.Local"/>;
    /// an admin key, with which others are made.
    /// 16 to 256 printable ASCII characters without spaces. There is no default: a server without a key is refused.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>
    /// Names or addresses, without port, that the server answers to besides the loopback names and the addresses that
    /// it listens on. A name listed here must not be one that strangers can point at this machine. Default none.
    /// </summary>
    public IList<string> AllowedHosts { get; set; } = [];

    /// <summary>The largest request body, in bytes. Default 1 MiB; 1 KiB to 16 MiB. Beyond it: 413.</summary>
    public int MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>
    /// How many requests a second an owner may make in the long run, all its keys together. Default 10,000; 1 to
    /// 1,000,000. Beyond it: 429 <c>rate-limited</c>, before the body is read.
    /// </summary>
    public int RequestsPerSecond { get; set; } = 10_000;

    /// <summary>
    /// How many requests an owner may make at a stroke after a pause. Default 20,000; 1 to 1,000,000.
    /// </summary>
    public int RequestBurst { get; set; } = 20_000;

    /// <summary>
    /// How many requests of one owner may be under way at once, open streams of events included. Default 5,000; 1 to
    /// 1,000,000. Beyond it: 429 <c>rate-limited</c>.
    /// </summary>
    public int MaxConcurrentRequests { get; set; } = 5_000;

    /// <summary>
    /// Where <c>POST /v1/admin/backup</c> makes backups, each in a directory of its own; made when it is first needed.
    /// A full path, best on another disk. Null (the default) for nowhere: backups are then refused.
    /// </summary>
    public string? BackupDirectory { get; set; }

    /// <summary>
    /// How long a request that comes too fast waits for its refusal, so that hammering takes nothing from others.
    /// Default 100 ms; 0 to 10 s.
    /// </summary>
    public TimeSpan RefusalPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a stream of events may be silent before a comment is sent, so that both sides notice a dead connection.
    /// Default 15 s; 1 s to 10 min. Clients may give up on a stream that is silent for three times as long.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The limits of durable streams.</summary>
    public StreamOptions Streams { get; set; } = new();

    /// <summary>
    /// Where durable streams are: their names follow after a slash. Default <c>/v1/streams</c>; below <c>/v1/</c>, of
    /// a-z, 0-9 and '-'. Another path makes room for clients that have it built in.
    /// </summary>
    public string StreamsPath { get; set; } = "/v1/streams";

    /// <summary>
    /// How long a reader of a stream who polls waits for news. Default 15 s; 10 ms to 5 min.
    /// </summary>
    public TimeSpan LongPollTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a reader of a stream by <c>live=sse</c> is served before it has to come again, as the protocol asks.
    /// Default 60 s; 1 s to a day.
    /// </summary>
    public TimeSpan SseLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// True (the default) if every path that nobody else maps is answered, with <c>unknown-route</c>, and <c>/</c>
    /// leads to the console. False leaves all but <c>/v1</c>, <c>/health</c>, <c>/openapi</c> and <c>/console</c>
    /// alone, for applications with pages of their own.
    /// </summary>
    public bool AnswersEveryPath { get; set; } = true;

    /// <summary>
    /// True (the default) if there is a console for browsers at <c>/console/</c>. Without it nobody can log in, and no
    /// cookie counts.
    /// </summary>
    public bool ServesConsole { get; set; } = true;

    /// <summary>What is offered to parties.</summary>
    public PartyServerOptions Parties { get; set; } = new();

    /// <summary>All that is wrong, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Key is null)
        {
            yield return $"{nameof(Key)} must be set; without one every request would be refused.";
        }
        else if (Key.Length is < ShortestKey or > LongestKey || Key.Any(c => c is <= ' ' or > '~'))
        {
            yield return $"{nameof(Key)} must be {ShortestKey} to {LongestKey} printable ASCII characters without "
                + "spaces.";
        }

        foreach (var host in (AllowedHosts ?? []).Where(host => Uri.CheckHostName(host) is UriHostNameType.Unknown))
        {
            yield return $"{nameof(AllowedHosts)}: '{host}' is neither a host's name nor an address (give it without "
                + "port).";
        }

        if (BackupDirectory is not null && !Path.IsPathFullyQualified(BackupDirectory))
        {
            yield return $"{nameof(BackupDirectory)} must be a full path; it is '{BackupDirectory}'.";
        }

        if (MaxBodyBytes is < LeastBodyBytes or > MostBodyBytes)
        {
            yield return $"{nameof(MaxBodyBytes)} must be {LeastBodyBytes:N0} to {MostBodyBytes:N0}; it is "
                + $"{MaxBodyBytes:N0}.";
        }

        if (RefusalPause < TimeSpan.Zero || RefusalPause > TimeSpan.FromSeconds(10))
        {
            yield return $"{nameof(RefusalPause)} must be 0 to 10 s; it is {RefusalPause}.";
        }

        (string Name, int Value)[] counts =
        [
            (nameof(RequestsPerSecond), RequestsPerSecond), (nameof(RequestBurst), RequestBurst),
            (nameof(MaxConcurrentRequests), MaxConcurrentRequests),
        ];
        foreach (var (name, value) in counts.Where(count => count.Value is < 1 or > 1_000_000))
        {
            yield return $"{name} must be 1 to 1,000,000; it is {value:N0}.";
        }

        foreach (var fault in StreamFaults())
        {
            yield return fault;
        }

        foreach (var fault in Parties.Faults())
        {
            yield return $"{nameof(Parties)}: {fault}";
        }

        if (Heartbeat < TimeSpan.FromSeconds(1) || Heartbeat > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(Heartbeat)} must be 1 s to 10 min; it is {Heartbeat}.";
        }
    }

    private IEnumerable<string> StreamFaults()
    {
        foreach (var fault in Streams.Faults())
        {
            yield return $"{nameof(Streams)}: {fault}";
        }

        var name = StreamsPath?.StartsWith("/v1/", StringComparison.Ordinal) == true ? StreamsPath[4..] : "";
        if (name.Length is 0 or > 32 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
        {
            yield return $"{nameof(StreamsPath)} must be /v1/ and a name of a-z, 0-9 and '-'; it is '{StreamsPath}'.";
        }

        if (LongPollTimeout < TimeSpan.FromMilliseconds(10) || LongPollTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{nameof(LongPollTimeout)} must be 10 ms to 5 min; it is {LongPollTimeout}.";
        }

        if (SseLifetime < TimeSpan.FromSeconds(1) || SseLifetime > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(SseLifetime)} must be 1 s to a day; it is {SseLifetime}.";
        }
    }
}
