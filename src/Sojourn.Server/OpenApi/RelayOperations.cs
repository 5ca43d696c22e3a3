using Sojourn.Parties;
using Sojourn.Server.Parties.Relays;

namespace Sojourn.Server.OpenApi;

/// <summary>Relays of parties that are not the server's own.</summary>
internal static class RelayOperations
{
    public const string Tag = "party-relays";

    public static IEnumerable<Operation> All(Schemas schemas) =>
    [
        new("get", RelayEndpoints.Path, $"{Tag}.list", "Lists the relays that are not the server's own")
        {
            Tag = Tag,
            Description = "For admin keys.",
            Outcomes = [new(200, "All that are there.") { Json = schemas.AddAnswer(Tag, typeof(RelayList)) }],
        },
        new("get", $"{RelayEndpoints.Path}/{{name}}/key", $"{Tag}.key", "Tells the key that a relay is begun with")
        {
            Tag = Tag,
            Description = "For admin keys. The same for the same name as long as the server has its secret.",
            Outcomes = [new(200, "The key.") { Json = schemas.AddAnswer($"{Tag}.key", typeof(RelayKey)) }],
        },
        new("put", $"{RelayEndpoints.Path}/{{name}}", $"{Tag}.report", "A relay tells how it does")
        {
            Tag = Tag,
            Description = "Every ten seconds; one that tells nothing for 35 s is gone. Authorized by what is made of "
                + "the relay's key; docs/parties.md has how.",
            TakesSecret = true,
            Body = schemas.AddRequest($"{Tag}.report", typeof(RelayReport)),
            Outcomes = [new(204, "Members are told of it.")],
            Problems = [413, 415, 422, 429],
        },
    ];
}
