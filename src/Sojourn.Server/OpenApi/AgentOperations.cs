using System.Text.Json.Nodes;
using Sojourn.Kinds.Agents;
using Sojourn.Server.Agents;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of agents besides what can be asked of all sessions.</summary>
internal sealed class AgentOperations(Schemas schemas)
{
    private const string Tag = AgentKind.KindName;
    private const string Session = $"/v1/{Tag}/{{id}}";

    public IEnumerable<Operation> All() =>
    [
        new("get", $"/v1/{Tag}/profiles", $"{Tag}.profiles", "Lists the programs that sessions may run")
        {
            Tag = Tag,
            Parameters = ["owner"],
            Outcomes = [new(200, "The profiles.") { Json = schemas.AddAnswer("profiles", typeof(ProfilesShown)) }],
        },
        Search(),
        new("get", $"{Session}/screen", $"{Tag}.screen", "Shows how a terminal looks")
        {
            Tag = Tag,
            Parameters = ["owner"],
            Outcomes = [new(200, "The screen.") { Json = schemas.AddAnswer("agent-screen", typeof(ScreenShown)) }],
            Problems = [409],
        },
        new("post", $"{Session}/input", $"{Tag}.input", "Types into a terminal")
        {
            Tag = Tag,
            Description = $"The body's bytes as they are, at most {AgentEndpoints.MostKeys:N0}.",
            Parameters = ["owner", "idempotency-key"],
            TakesBytes = true,
            Outcomes = [new(204, "The program has them.")],
            Problems = [409, 413],
        },
        new("post", $"{Session}/fork", $"{Tag}.fork", "Begins a session with a copy of the conversation")
        {
            Tag = Tag,
            Parameters = ["owner", "idempotency-key"],
            Body = schemas.AddRequest("fork-agent", typeof(ForkAgent)),
            Outcomes =
            [
                new(201, "The new session.", "etag", "location") { Json = Schemas.Ref($"{Tag}.session") },
            ],
            Problems = [409, 413, 415, 422],
        },
        new("get", $"{Session}/attach", $"{Tag}.attach", "Attaches over a WebSocket")
        {
            Tag = Tag,
            Description = $"With the subprotocol `{AttachEndpoint.Protocol}`: the log, a terminal and commands on one "
                + "connection. docs/agents.md has the frames.",
            Parameters = ["owner"],
            Outcomes = [new(101, "A WebSocket from here on.")],
        },
    ];

    private Operation Search() => new("get", $"/v1/{Tag}/search", $"{Tag}.search", "Finds words in logs and on screens")
    {
        Tag = Tag,
        Description = $"In whatever case, the newest session first, and of each its newest events first. At most "
            + $"{AgentSearch.HitsOfSession} hits of a session, unless it alone is searched. One request reads a "
            + "bounded piece, so that a page may be short, or empty, and still have a `next`.",
        Parameters = ["owner", "cursor"],
        OwnParameters =
        [
            Required(SharedParts.Query("q", "What to find; nothing in it has a meaning of its own.", new()
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = AgentSearch.LongestText,
            })),
            SharedParts.Query("session", "Only in this session, and all of it.", SharedSchemas.Id()),
            SharedParts.Query("limit", "The most on a page.", new()
            {
                ["type"] = "integer",
                ["minimum"] = 1,
                ["maximum"] = AgentSearch.MostHits,
                ["default"] = AgentSearch.UsualHits,
            }),
        ],
        Outcomes = [new(200, "What was found.") { Json = schemas.AddAnswer("agent-hits", typeof(AgentHits)) }],
    };

    private static JsonObject Required(JsonObject parameter)
    {
        parameter["required"] = true;
        return parameter;
    }
}
