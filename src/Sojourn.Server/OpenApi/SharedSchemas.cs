using System.Text.Json.Nodes;
using Sojourn.Server.Problems;

namespace Sojourn.Server.OpenApi;

/// <summary>The schemas of what the server writes by hand, and so has no .NET type.</summary>
internal static class SharedSchemas
{
    /// <summary>Adds those that others refer to by name.</summary>
    public static void AddTo(Schemas schemas)
    {
        schemas.Add("version", new()
        {
            ["type"] = "integer",
            ["minimum"] = 0,
            ["description"] = "The number of steps that a session has taken.",
        });
        schemas.Add("offset", new()
        {
            ["type"] = "string",
            ["pattern"] = "^([0-9a-f]{16}_)?[0-9]{16}$",
            ["example"] = "08de2e24b5a9c000_0000000000000001",
            ["description"] = "Where an event stands: the life of the session, and the event's number in it. "
                + "0 is before the first. Offsets sort as text, those of a session begun anew after the old one's.",
        });
        schemas.Add("event", Event(Text("The event's name, in kebab case."), new()
        {
            ["type"] = "object",
            ["description"] = "What happened; each type has members of its own.",
        }));
        schemas.Add("session", Session());
    }

    /// <summary>A session whose kind is not known.</summary>
    public static JsonObject Session() => Members(
        ("id", Id()),
        ("kind", Text("What sort of session it is.")),
        ("owner", Text("Whom it belongs to.")),
        ("status", Text("One of its kind's statuses.")),
        ("busy", Truth("True while outside work is done for it.")),
        ("final", Truth("True once it has ended and is only kept.")),
        ("version", Schemas.Ref("version")),
        ("durableVersion", Schemas.Ref("version")),
        ("lastEvent", Schemas.Ref("offset")),
        ("createdAt", Time("When it began.")),
        ("lastActivityAt", Time("When a command last changed it.")),
        ("expiresAt?", Time("When it will be removed; left out if it is kept for ever.")),
        ("labels", new()
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = "string" },
            ["description"] = "Names and values given at its start.",
        }),
        ("streams?", new()
        {
            ["type"] = "object",
            ["additionalProperties"] = Members(
                ("first", Schemas.Ref("version")), ("last", Schemas.Ref("version")), ("bytes", Schemas.Ref("version"))),
            ["description"] = "Its streams, by name: the numbers of the oldest and the newest entry that is kept, and "
                + "the bytes between them; left out in lists.",
        }),
        ("state?", new() { ["description"] = "What its kind keeps of it; left out in lists." }));

    /// <summary>A problem of one of these types.</summary>
    public static JsonObject Problem(IEnumerable<string> types) => Members(
        ("type", new()
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. types.Select(type => JsonValue.Create(ProblemAnswer.Prefix + type))]),
        }),
        ("title", Text("The type in words.")),
        ("status", new() { ["type"] = "integer", ["description"] = "The HTTP status." }),
        ("detail", Text("A sentence for people that says what helps.")),
        ("code?", Text("For refusals and invalid parameters, the reason for programs.")),
        ("field?", Text("The parameter at fault.")),
        ("retryable", Truth("True if the same request may succeed later.")),
        ("success?", new()
        {
            ["const"] = false,
            ["description"] = "There for a command that was not done; the session is as it was.",
        }),
        ("current?", Schemas.Ref("session")),
        ("yours?", Part("For a conflict of save slots, what was to be saved.")),
        ("stored?", Part("For a conflict of save slots, the slot as it is.")),
        ("usage?", Part("For a quota, what is used, and what may be.")));

    public static JsonObject Id() => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[a-z0-9][a-z0-9._-]{0,63}$",
        ["example"] = "my-session",
        ["description"] = "Names a session within its kind and owner.",
    };

    /// <summary>An event of this type, with these data.</summary>
    public static JsonObject Event(JsonObject type, JsonObject data) => Members(
        ("offset", Schemas.Ref("offset")),
        ("type", type),
        ("at", Time("When it happened.")),
        ("version", Schemas.Ref("version")),
        ("data", data));

    public static JsonObject Text(string says) => new() { ["type"] = "string", ["description"] = says };

    private static JsonObject Part(string says) => new() { ["type"] = "object", ["description"] = says };

    public static JsonObject Truth(string says) => new() { ["type"] = "boolean", ["description"] = says };

    public static JsonObject Time(string says) =>
        new() { ["type"] = "string", ["format"] = "date-time", ["description"] = says };

    /// <summary>An object with these members; those whose name ends in a question mark may be missing.</summary>
    public static JsonObject Members(params (string Name, JsonObject Schema)[] members)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, schema) in members)
        {
            properties[name.TrimEnd('?')] = schema;
            if (!name.EndsWith('?'))
            {
                required.Add(name);
            }
        }

        return new() { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }
}
