using System.Text.Json.Nodes;
using Sojourn.Server.Health;
using Sojourn.Server.Operating;
using Sojourn.Server.Sessions;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of many sessions, of any session whatever its rules, and of the whole store.</summary>
internal static class ManyOperations
{
    private const string Server = "server";

    /// <summary>How lists are narrowed, the status apart.</summary>
    public static IReadOnlyList<string> Filters { get; } =
        ["label-filter", "text", "created-before", "active-before", "status-before", "busy", "final", "damaged"];

    /// <summary>Those of one kind.</summary>
    public static IEnumerable<Operation> Of(KindDescription kind, Schemas schemas)
    {
        var session = Schemas.Ref($"{kind.Name}.session");
        var path = $"/v1/{kind.Name}/{{id}}";
        return
        [
            new("post", $"/v1/{kind.Name}/bulk", $"{kind.Name}.bulk", "Sends one command to many, or removes them")
            {
                Tag = kind.Name,
                Description = "Answers a line of JSON for each session, with `id`, `ok` and either `version` or "
                    + "`problem`, and at last one with `done` and `failed`.",
                Parameters = ["owner", "idempotency-key"],
                Body = schemas.AddRequest("bulk", typeof(BulkRequest)),
                Outcomes = [new(200, "The results.") { Media = [BulkWriter.MediaType] }],
                Problems = [413, 415, 422],
            },
            new("post", $"{path}/touch", $"{kind.Name}.touch", "Counts as activity of the session")
            {
                Tag = kind.Name,
                Parameters = ["owner"],
                Outcomes = [new(200, "The session.", "etag") { Json = Copy(session) }],
            },
            new("put", $"{path}/labels", $"{kind.Name}.label", "Sets labels, and removes those that are null")
            {
                Tag = kind.Name,
                Parameters = ["owner", "if-match", "idempotency-key"],
                Body = schemas.AddRequest("labels", typeof(Dictionary<string, string?>)),
                Outcomes = [new(200, "The session.", "etag", "idempotent-replayed") { Json = Copy(session) }],
                Problems = [412, 413, 415, 422],
            },
            new("post", $"{path}/restore", $"{kind.Name}.restore", "Restores a damaged session from a snapshot")
            {
                Tag = kind.Name,
                Description = "For admin keys.",
                Parameters = ["owner"],
                Outcomes = [new(200, "The session.", "etag") { Json = Copy(session) }],
            },
        ];
    }

    /// <summary>Those of all kinds, and of the store.</summary>
    public static IEnumerable<Operation> All(Schemas schemas) =>
    [
        new("get", "/v1/sessions", "sessions.list", "Lists the sessions of all kinds, newest first")
        {
            Tag = Server,
            Parameters = ["owners", "cursor", "list-limit", "kind", "status", .. Filters],
            Outcomes =
            [
                new(200, "A page, its sessions without their state.")
                {
                    Json = SharedSchemas.Members(
                        ("sessions", new() { ["type"] = "array", ["items"] = Schemas.Ref("session") }),
                        ("next?", SharedSchemas.Text("The `cursor` of the next page; left out on the last."))),
                },
            ],
        },
        new("get", "/v1/sessions/count", "sessions.count", "Counts sessions without reading them")
        {
            Tag = Server,
            Parameters = ["owners", "kind", "at-most", "status", .. Filters],
            Outcomes =
            [
                new(200, "How many there are.")
                {
                    Json = SharedSchemas.Members(
                        ("count", new() { ["type"] = "integer", ["minimum"] = 0 }),
                        ("atLeast", SharedSchemas.Truth("True if counting stopped at `atMost`."))),
                },
            ],
        },
        Changes,
        new("get", "/v1/stats", "stats", "Tells what there is and what happens")
        {
            Tag = Server,
            Description = "Each owner's own; for admin keys everybody's and the store's, or one `owner`'s.",
            Parameters = ["owner"],
            Outcomes = [new(200, "The statistics.") { Json = schemas.AddAnswer("stats", typeof(StatsView)) }],
        },
        Operating("backup", "Backs the whole store up while work goes on", 201, "backup",
            schemas.AddRequest("new-backup", typeof(NewBackup)), schemas.AddAnswer("backup", typeof(BackupView)))
            with { Problems = [409, 412, 413, 415, 422] },
        Operating("verify", "Compares every stored record with its checksum", 200, "verification",
            null, schemas.AddAnswer("verification", typeof(VerifyView))),
        Operating("clean-up", "Removes sessions that are not busy", 200, "clean-up",
            schemas.AddRequest("new-clean-up", typeof(CleanUp)), schemas.AddAnswer("clean-up", typeof(CleanUpView)))
            with { Problems = [413, 415, 422] },
    ];

    /// <summary>A server that takes work.</summary>
    public static JsonObject Ready(Schemas schemas) => schemas.AddAnswer("ready", typeof(ReadyView));

    private static Operation Changes =>
        new("get", "/v1/sessions/changes", "sessions.changes", "Follows what changes in lists of sessions")
        {
            Tag = Server,
            Description = "Events: `session` with a session as lists have it, `session-removed`, `session-damaged`, "
                + "and `sessions-missed` if more changed than is told one by one. At most four times a second, the "
                + "newest of each session. Whoever comes back lists anew.",
            Parameters = ["owners", "kind"],
            OwnParameters = [SharedParts.Query("id", "Only sessions with this id.", SharedSchemas.Id())],
            Outcomes = [new(200, "From now on nothing is missed.") { Media = ["text/event-stream"] }],
        };

    private static Operation Operating(
        string name, string summary, int status, string says, JsonObject? body, JsonObject answer) =>
        new("post", $"/v1/admin/{name}", $"admin.{name}", summary)
        {
            Tag = Server,
            Description = "For admin keys. Answers when it is done; one at a time, for an hour at most.",
            Body = body,
            Outcomes = [new(status, $"The {says}.") { Json = answer }],
            Problems = [409],
        };

    private static JsonObject Copy(JsonObject schema) => (JsonObject)schema.DeepClone();
}
