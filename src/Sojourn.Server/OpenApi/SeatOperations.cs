using System.Text.Json.Nodes;
using Sojourn.Parties;
using Sojourn.Server.Parties;

namespace Sojourn.Server.OpenApi;

/// <summary>What members of parties can ask for.</summary>
internal sealed class SeatOperations(KindDescription parties, Schemas schemas, DocComments comments)
{
    public const string Tag = "party-seats";

    private const string Seat = $"/v1/{Tag}/{{handle}}/{{member}}";

    public IEnumerable<Operation> All() =>
    [
        Join(),
        Ask("get", "", "get", "Tells a member of its party", typeof(PartyView)),
        Ask("get", "/network", "network", "Tells a member what helps to reach the others", typeof(NetworkView)) with
        {
            Description = "Tickets for relays are good for an hour.",
        },
        Open("live", SeatSocket.Protocol, "Follows the party, and sends commands, over a WebSocket"),
        Open("relay", RelaySocket.Protocol, "Reaches the relay over a WebSocket"),
        .. SeatCommands.Names.Select(name => name == SeatCommands.Invite ? Invite() : Send(parties.Commands[name])),
    ];

    private Operation Join() => new("post", $"/v1/{Tag}", $"{Tag}.take", "Takes a seat in a party")
    {
        Tag = Tag,
        Description = $"Whoever has the invitation may; at most {SeatEndpoints.JoinsPerSecond} a second from one "
            + "address. Asked again with the same key and secret, it has the same seat.",
        IsOpen = true,
        Body = schemas.AddRequest($"{Tag}.take", typeof(TakeSeat)),
        Outcomes =
        [
            new(200, "It had the seat already.") { Json = schemas.AddAnswer($"{Tag}.seat", typeof(SeatView)) },
            new(201, "The seat.") { Json = Schemas.Ref($"{Tag}.seat") },
        ],
        Problems = [409, 413, 415, 422, 429],
    };

    private static Operation Open(string name, string protocol, string summary) =>
        new("get", $"{Seat}/{name}", $"{Tag}.{name}", summary)
        {
            Tag = Tag,
            Description = $"With the subprotocol `{protocol}`. docs/parties.md has the frames.",
            TakesSecret = true,
            Outcomes = [new(101, "A WebSocket from here on.")],
        };

    private Operation Ask(string method, string path, string id, string summary, Type answer) =>
        new(method, Seat + path, $"{Tag}.{id}", summary)
        {
            Tag = Tag,
            TakesSecret = true,
            Outcomes = [new(200, "That.") { Json = schemas.AddAnswer($"{Tag}.{id}.reply", answer) }],
        };

    private Operation Invite() => Command(
        SeatCommands.Invite, "The host makes a new invitation; the old one is good for nothing from then on.",
        schemas.AddRequest($"{Tag}.{SeatCommands.Invite}", typeof(NewInvitation)), typeof(InvitationView));

    private Operation Send(CommandDescription command)
    {
        var body = schemas.AddRequest($"{Tag}.{command.Name}", command.CommandType);
        ForgetWho(schemas.Resolve(body).AsObject(), command.CommandType == typeof(Ban) ? ["by", "invitation"] : ["by"]);
        return Command(command.Name, comments.Of(command.CommandType), body, command.ReplyType);
    }

    private Operation Command(string name, string? says, JsonObject body, Type reply) =>
        new("post", $"{Seat}/{name}", $"{Tag}.{name}", $"Sends the command {name} for the member who sits there")
        {
            Tag = Tag,
            Description = says,
            TakesSecret = true,
            Body = body,
            Outcomes =
            [
                new(200, "It was decided.")
                {
                    Json = reply == typeof(Nothing) ? SharedSchemas.Members() : SharedSchemas.Members(
                        ("reply", schemas.AddAnswer($"{Tag}.{name}.reply", reply))),
                },
            ],
            Problems = [409, 413, 415, 422],
        };

    /// <summary>A member speaks for itself alone, and what the server makes it need not send.</summary>
    private static void ForgetWho(JsonObject schema, string[] members)
    {
        var required = schema["required"]!.AsArray();
        foreach (var member in members)
        {
            schema["properties"]!.AsObject().Remove(member);
            required.Remove(required.FirstOrDefault(name => name!.GetValue<string>() == member));
        }
    }
}
