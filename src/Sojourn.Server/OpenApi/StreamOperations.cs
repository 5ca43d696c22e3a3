using System.Text.Json.Nodes;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of durable streams, and of sessions' logs in their protocol.</summary>
internal static class StreamOperations
{
    private const string Tag = "streams";

    private static readonly string[] Described =
        ["stream-next-offset", "stream-up-to-date", "stream-closed", "stream-cursor", "etag"];

    private static readonly string[] OfReads =
        ["stream-offset", "live", "stream-cursor", "stream-wait", "if-none-match"];

    /// <summary>Those of streams by name.</summary>
    /// <param name="path">Where streams are.</param>
    public static IEnumerable<Operation> All(string path) =>
    [
        new("put", $"{path}/{{name}}", "streams.create", "Creates a stream, or finds it as asked")
        {
            Tag = Tag,
            Description = "The body, if there is one, is its first content. Its Content-Type is the stream's.",
            Parameters =
            [
                "stream-ttl", "stream-expires-at", "stream-closed", "stream-forked-from", "stream-fork-offset",
                "stream-fork-sub-offset",
            ],
            TakesBytes = true,
            Outcomes =
            [
                new(200, "It was there.", "stream-next-offset", "stream-closed"),
                new(201, "It has begun.", "stream-next-offset", "stream-closed", "location"),
            ],
            Problems = [409, 413],
        },
        new("post", $"{path}/{{name}}", "streams.append", "Appends to a stream, closes it, or both")
        {
            Tag = Tag,
            Description = "Without a body only together with `Stream-Closed: true`.",
            Parameters = ["stream-seq", "stream-closed", "producer-id", "producer-epoch", "producer-seq"],
            TakesBytes = true,
            Outcomes =
            [
                new(200, "It is kept; the request named its producer.",
                    "stream-next-offset", "stream-closed", "producer-epoch", "producer-seq"),
                new(204, "It is kept, or was before.",
                    "stream-next-offset", "stream-closed", "producer-epoch", "producer-seq"),
            ],
            Problems = [409, 410, 413],
        },
        Read($"{path}/{{name}}", "streams.read", Tag),
        new("head", $"{path}/{{name}}", "streams.describe", "Tells how a stream stands")
        {
            Tag = Tag,
            Description = "That does not count as use.",
            Outcomes =
            [
                new(200, "It is there.",
                    "stream-next-offset", "stream-closed", "stream-ttl", "stream-expires-at", "etag"),
            ],
            Problems = [410],
        },
        new("delete", $"{path}/{{name}}", "streams.delete", "Deletes a stream")
        {
            Tag = Tag,
            Description = "While it has forks, what it held is kept for them, and its name is not free.",
            Outcomes = [new(204, "It is gone.")],
            Problems = [410],
        },
        new("options", $"{path}/{{name}}", "streams.options", "Tells browsers what may be asked")
        {
            Tag = Tag,
            IsOpen = true,
            Outcomes = [new(204, "What may be.", "allow")],
        },
    ];

    /// <summary>The logs of one kind's sessions.</summary>
    public static Operation OfLogs(string kind) =>
        Read($"/v1/{kind}/{{id}}/streams/{{name}}", $"{kind}.stream", kind) with
        {
            Summary = "Reads or follows a log of the session: `events`, or a stream that its kind names",
            Parameters = ["owner", .. OfReads],
        };

    private static Operation Read(string path, string id, string tag) =>
        new("get", path, id, "Reads a stream, or follows it")
        {
            Tag = tag,
            Description = "Without `live` what there is, with it what comes too. In JSON mode a body is an array of "
                + "messages.",
            Parameters = OfReads,
            Outcomes =
            [
                new(200, "What lies after the offset; with `live=sse` as server-sent events.", Described)
                {
                    Media = ["*/*", "text/event-stream"],
                },
                new(204, "Nothing came while the server waited.", Described),
                new(304, "It is what the reader has.", "etag"),
            ],
            Problems = [410],
        };

    /// <summary>The protocol's parameters, beside those that all operations share.</summary>
    public static IEnumerable<(string Key, string Name, string Place, string Says)> Parameters =>
    [
        ("name", "name", "path", "The stream's name. It may hold slashes and capitals."),
        ("stream-offset", "offset", "query",
            "After which to read, as the stream gave it; -1 for the beginning (the default), `now` for the end."),
        ("live", "live", "query", "`sse` for server-sent events, `long-poll` to wait for news once."),
        ("stream-cursor", "cursor", "query", "The last `Stream-Cursor` that was given."),
        ("stream-wait", "Prefer", "header",
            "`wait=SECONDS`: how long to wait for news, if that is less than the server would."),
        ("stream-ttl", "Stream-TTL", "header", "After how many seconds without use it expires."),
        ("stream-expires-at", "Stream-Expires-At", "header", "When it expires, used or not."),
        ("stream-closed", "Stream-Closed", "header", "`true` if nothing follows."),
        ("stream-seq", "Stream-Seq", "header", "Must be above all that was given before, as text."),
        ("producer-id", "Producer-Id", "header", "Who appends."),
        ("producer-epoch", "Producer-Epoch", "header", "Grows when the producer starts again."),
        ("producer-seq", "Producer-Seq", "header", "Which append of the epoch this is, from 0."),
        ("stream-forked-from", "Stream-Forked-From", "header", "The path of the stream to fork."),
        ("stream-fork-offset", "Stream-Fork-Offset", "header", "Where to fork it; left out for its end."),
        ("stream-fork-sub-offset", "Stream-Fork-Sub-Offset", "header",
            "How much more to take: messages in JSON mode, else bytes of the next entry."),
    ];

    /// <summary>The protocol's headers of answers.</summary>
    public static IEnumerable<(string Key, string Says)> Headers =>
    [
        ("stream-next-offset", "Where to read on."),
        ("stream-up-to-date", "`true` if there is no more now."),
        ("stream-closed", "`true` if there never will be."),
        ("stream-cursor", "To be sent back with the next `live` read."),
        ("stream-ttl", "After how many seconds without use it expires."),
        ("stream-expires-at", "When it expires, used or not."),
        ("producer-epoch", "The producer's epoch."),
        ("producer-seq", "The newest of the producer's appends that is kept."),
    ];
}
