using System.Text.Json.Nodes;
using Sojourn.Stores;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of one kind and its sessions.</summary>
internal sealed class SessionOperations(KindDescription kind, Schemas schemas, DocComments comments)
{
    private readonly string _sessions = $"/v1/{kind.Name}";
    private readonly string _session = $"/v1/{kind.Name}/{{id}}";

    public IEnumerable<Operation> All()
    {
        var session = AddSession();
        AddEvents();
        return
        [
            List(session),
            Start(session),
            GetOrStart(session),
            Get(session),
            Remove(),
            ReadEvents(session),
            .. kind.Commands.Values.OrderBy(command => command.Name, StringComparer.Ordinal).Select(Send),
        ];
    }

    private JsonObject AddSession()
    {
        var session = SharedSchemas.Session();
        var members = (JsonObject)session["properties"]!;
        members["kind"] = new JsonObject { ["const"] = kind.Name };
        members["status"] = Status();
        members["state"] = schemas.AddAnswer($"{kind.Name}.state", kind.StateType);
        return schemas.Add($"{kind.Name}.session", session);
    }

    /// <summary>One schema for each type of event, and one that is any of them.</summary>
    private void AddEvents()
    {
        var types = new JsonArray();
        foreach (var (name, type) in kind.Events.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            var data = schemas.AddAnswer($"{kind.Name}.{name}.data", type);
            types.Add(schemas.Add($"{kind.Name}.{name}.event",
                SharedSchemas.Event(new JsonObject { ["const"] = name }, data)));
        }

        schemas.Add($"{kind.Name}.event",
            types.Count == 0 ? Schemas.Ref("event") : new JsonObject { ["oneOf"] = types });
    }

    private JsonObject Events() => new() { ["type"] = "array", ["items"] = Schemas.Ref($"{kind.Name}.event") };

    private JsonObject Status() => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. kind.Policy.Statuses.Select(status => JsonValue.Create(status.Name))]),
    };

    private Operation List(JsonObject session) =>
        new("get", _sessions, $"{kind.Name}.list", $"Lists the sessions of kind {kind.Name}, newest first")
        {
            Tag = kind.Name,
            Parameters = ["owners", "cursor", "list-limit", .. ManyOperations.Filters],
            OwnParameters = [SharedParts.Query("status", "Only sessions in this status.", Status())],
            Outcomes =
            [
                new(200, "A page, its sessions without their state.")
                {
                    Json = SharedSchemas.Members(
                        ("sessions", new() { ["type"] = "array", ["items"] = session.DeepClone() }),
                        ("next?", SharedSchemas.Text("The `cursor` of the next page; left out on the last."))),
                },
            ],
        };

    private Operation Start(JsonObject session) =>
        new("post", _sessions, $"{kind.Name}.start", $"Starts a session of kind {kind.Name}")
        {
            Tag = kind.Name,
            Description = comments.Of(kind.StartType),
            Parameters = ["owner", "label", "idempotency-key"],
            Body = schemas.AddRequest($"{kind.Name}.start", kind.StartType),
            Outcomes = [Started(session)],
            Problems = [409, 413, 415, 422],
        };

    private Operation GetOrStart(JsonObject session) =>
        new("put", _session, $"{kind.Name}.get-or-start", "Gets the session of this id, or starts it")
        {
            Tag = kind.Name,
            Description = "With `If-None-Match: *` it is strictly started: one that is there already is a 412.",
            Parameters = ["owner", "label", "fresh", "idempotency-key", "if-none-match"],
            Body = Schemas.Ref($"{kind.Name}.start"),
            Outcomes = [new(200, "It was there.", "etag") { Json = Copy(session) }, Started(session)],
            Problems = [409, 412, 413, 415, 422],
        };

    private Operation Get(JsonObject session) =>
        new("get", _session, $"{kind.Name}.get", "Reads a session with its state")
        {
            Tag = kind.Name,
            Parameters = ["owner", "if-none-match"],
            Outcomes =
            [
                new(200, "The session.", "etag") { Json = Copy(session) },
                new(304, "It is at the version that the reader has.", "etag"),
            ],
        };

    private Operation Remove() =>
        new("delete", _session, $"{kind.Name}.remove", "Removes a session with all that belongs to it")
        {
            Tag = kind.Name,
            Parameters = ["owner", "if-match"],
            Outcomes = [new(204, "It is gone.")],
            Problems = [412],
        };

    private Operation ReadEvents(JsonObject session) =>
        new("get", $"{_session}/events", $"{kind.Name}.events", "Reads or follows the session's events")
        {
            Tag = kind.Name,
            Description = "With `Accept: text/event-stream` a stream that stays open, otherwise one page. With `live` "
                + "as `streams/events` answers.",
            Parameters = ["owner", "offset", "last-event-id", "events-limit", "live", "stream-cursor"],
            Outcomes =
            [
                new(200, "The events after the offset.")
                {
                    Json = SharedSchemas.Members(
                        ("events", Events()),
                        ("snapshot?", Copy(session)),
                        ("next", Schemas.Ref("offset")),
                        ("upToDate", SharedSchemas.Truth("True if nothing lies after this page yet."))),
                    Media = ["text/event-stream"],
                },
            ],
        };

    private Operation Send(CommandDescription command)
    {
        var answer = SharedSchemas.Members(
            ("version", Schemas.Ref("version")),
            ("durableVersion", Schemas.Ref("version")),
            ("replayed", SharedSchemas.Truth("True if this is the answer to an earlier sending.")),
            ("events?", Events()));
        if (command.ReplyType != typeof(Nothing))
        {
            // Left out where it is null.
            ((JsonObject)answer["properties"]!)["reply"] =
                schemas.AddAnswer($"{kind.Name}.{command.Name}.reply", command.ReplyType);
        }

        return new("post", $"{_session}/{command.Name}", $"{kind.Name}.{command.Name}",
            $"Sends the command {command.Name} to a session of kind {kind.Name}")
        {
            Tag = kind.Name,
            Description = comments.Of(command.CommandType),
            Parameters = ["owner", "if-match", "idempotency-key"],
            Body = schemas.AddRequest($"{kind.Name}.{command.Name}", command.CommandType),
            Outcomes = [new(200, "It was decided.", "etag", "idempotent-replayed") { Json = answer }],
            Problems = [409, 412, 413, 415, 422],
        };
    }

    private static Outcome Started(JsonObject session) =>
        new(201, "It has begun.", "etag", "location", "idempotent-replayed") { Json = Copy(session) };

    private static JsonObject Copy(JsonObject schema) => (JsonObject)schema.DeepClone();

    /// <summary>The largest page of sessions.</summary>
    public const int LargestList = SessionQuery.MaxLimit;
}
