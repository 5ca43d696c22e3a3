using System.Text.Json.Nodes;
using Sojourn.Server.Parties;
using Sojourn.Server.Sessions;

namespace Sojourn.Server.OpenApi;

/// <summary>Parameters and headers that several operations share.</summary>
internal static class SharedParts
{
    public static JsonObject Parameters()
    {
        var all = OfSessions();
        foreach (var (key, filter) in OfFilters())
        {
            all[key] = filter!.DeepClone();
        }

        foreach (var (key, name, place, says) in StreamOperations.Parameters)
        {
            all[key] = Parameter(name, place, says, Text());
        }

        return all;
    }

    public static JsonObject Headers()
    {
        var all = OfAnswers();
        foreach (var (key, says) in StreamOperations.Headers)
        {
            all[key] = Header(says);
        }

        return all;
    }

    private static JsonObject OfSessions() => new()
    {
        ["id"] = Parameter("id", "path", "The session's, or the key's, id.", SharedSchemas.Id()),
        ["number"] = Parameter("number", "path", "A number, from 1.", Whole(1, null)),
        ["slot"] = Parameter("slot", "path", "A save slot; 0 is the automatic one.", new()
        {
            ["type"] = "integer",
            ["minimum"] = 0,
        }),
        ["game"] = Parameter(
            "game", "path", "A game's name: as an id, but of at most 58 characters.", SharedSchemas.Id()),
        ["saveSlot"] = Parameter("saveSlot", "path", "A slot: `0` and up, `quick` or `auto`.", Text()),
        ["handle"] = Parameter("handle", "path", "What the party's invitations begin with.", new()
        {
            ["type"] = "string",
            ["minLength"] = PartyCode.HandleLength,
            ["maxLength"] = PartyCode.HandleLength,
        }),
        ["member"] = Parameter("member", "path", "The member's id: 16 hexadecimal digits.", Text()),
        ["name"] = Parameter("name", "path", "A relay's name: 1 to 32 of a-z, 0-9 and '-'.", Text()),
        ["label"] = Parameter("label", "query",
            "A label of the new session, written `name:value`; repeatable, at most 16.", new()
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[^:]{1,64}:.{0,64}$" },
                ["maxItems"] = 16,
            }),
        ["fresh"] = Parameter("fresh", "query",
            "True to remove the session that is there, if any, and begin anew.", Truth()),
        ["owner"] = Parameter("owner", "query",
            "Whose; for admin keys, which may name any owner. One's own name is allowed to all.", SharedSchemas.Id()),
        ["owners"] = Parameter("owner", "query",
            "Whose; for admin keys, which may name any owner, or `*` for everybody's. One's own name is allowed to "
            + "all.",
            new() { ["type"] = "string", ["pattern"] = "^([a-z0-9][a-z0-9._-]{0,63}|[*])$" }),
        ["cursor"] = Parameter("cursor", "query", "The `next` of the page before.", Text()),
        ["list-limit"] = Parameter("limit", "query", "The most on a page.", Whole(100, SessionOperations.LargestList)),
        ["events-limit"] = Parameter("limit", "query", "The most on a page.", Whole(100, 1_000)),
        ["offset"] = Parameter("offset", "query",
            "The last event that is known; -1 for the beginning (the default), `now` for only what comes.", new()
            {
                ["type"] = "string",
                ["pattern"] = "^(-1|now|([0-9a-f]{16}_)?[0-9]{1,16})$",
            }),
        ["last-event-id"] = Parameter("Last-Event-ID", "header",
            "As `offset`, and wins over it: what browsers send when they come back.", Text()),
        ["if-match"] = Parameter("If-Match", "header",
            "The version that the session must have, such as `\"7\"`; `*` for any. Otherwise the answer is 412.",
            Text()),
        ["if-none-match"] = Parameter("If-None-Match", "header",
            "When reading, the `ETag` that is known already; with a PUT only `*`.", Text()),
        ["idempotency-key"] = Parameter("Idempotency-Key", "header",
            "Names the one effect: sent again, the same request has no second one.", new()
            {
                ["type"] = "string",
                ["pattern"] = "^[ -~]{1,128}$",
            }),
    };

    private static JsonObject OfFilters() => new()
    {
        ["label-filter"] = Parameter("label", "query",
            "Only sessions with this label, written `name:value`; repeatable, at most 16.", new()
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[^:]{1,64}:.{0,64}$" },
                ["maxItems"] = 16,
            }),
        ["kind"] = Parameter("kind", "query", "Only sessions of this kind.", Text()),
        ["status"] = Parameter("status", "query", "Only sessions in this status of their kind.", Text()),
        ["text"] = Parameter("text", "query",
            "Only sessions whose id, or one of whose labels' values, contains this, in whatever case.", Text()),
        ["created-before"] = Parameter("createdBefore", "query", "Only sessions that began before this.", Time()),
        ["active-before"] = Parameter(
            "activeBefore", "query", "Only sessions that took their last step before this.", Time()),
        ["status-before"] = Parameter(
            "statusBefore", "query", "Only sessions that entered their status before this.", Time()),
        ["busy"] = Parameter("busy", "query", "True: only busy sessions; false: only others.", Truth()),
        ["final"] = Parameter("final", "query", "True: only sessions that have ended; false: only others.", Truth()),
        ["damaged"] = Parameter("damaged", "query", "True: only sessions in quarantine.", Truth()),
        ["at-most"] = Parameter("atMost", "query", "Where counting stops.",
            Whole((int)ListEndpoint.UsualCount, (int)ListEndpoint.LargestCount)),
    };

    private static JsonObject OfAnswers() => new()
    {
        ["etag"] = Header("The version in quotes; for `If-Match` and `If-None-Match`."),
        ["location"] = Header("The new session's path, or where to go."),
        ["set-cookie"] = Header("What the browser shows from now on."),
        ["idempotent-replayed"] = Header("`true` if this is the answer to an earlier sending."),
        ["x-request-id"] = Header("What the request is called in the server's log: the client's own `X-Request-Id`, "
            + "if it sent one of at most 128 letters, digits and `._:-`."),
        ["content-digest"] = Header("What the bytes come to: `sha-256=:`, Base64, and a colon."),
        ["save-generation"] = Header("Which of the slot's saves it is."),
        ["retry-after"] = Header("When to try again, in seconds."),
        ["allow"] = Header("The methods that the path has."),
        ["www-authenticate"] = Header("`Bearer`."),
    };

    /// <summary>A header's name on the wire.</summary>
    public static string NameOf(string header) => header switch
    {
        "etag" => "ETag",
        "www-authenticate" => "WWW-Authenticate",
        _ => string.Join('-', header.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])),
    };

    /// <summary>A parameter of one operation alone, in its address.</summary>
    public static JsonObject Query(string name, string says, JsonObject schema) =>
        Parameter(name, "query", says, schema);

    private static JsonObject Parameter(string name, string place, string says, JsonObject schema)
    {
        var parameter = new JsonObject
        {
            ["name"] = name,
            ["in"] = place,
            ["description"] = says,
            ["schema"] = schema,
        };
        if (place == "path")
        {
            parameter["required"] = true;
        }

        return parameter;
    }

    private static JsonObject Header(string says) => new() { ["description"] = says, ["schema"] = Text() };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Truth() => new() { ["type"] = "boolean" };

    private static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    /// <summary>A header of one operation alone.</summary>
    public static JsonObject HeaderOf(string name, string says) => Parameter(name, "header", says, Text());

    private static JsonObject Whole(int standard, int? most)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["default"] = standard };
        if (most is not null)
        {
            schema["maximum"] = most;
        }

        return schema;
    }
}
