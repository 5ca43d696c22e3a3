using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of games besides what can be asked of all sessions.</summary>
internal static class ExplorerOperations
{
    public static IEnumerable<Operation> All(Schemas schemas)
    {
        const string tag = ExplorerKind.KindName;
        const string session = $"/v1/{tag}/{{id}}";
        return
        [
            new("get", $"{session}/options", $"{tag}.options", "Tells what can be done now, at what cost, or why not")
            {
                Tag = tag,
                Description = "Each action names the command that does it and its parameters.",
                Parameters = ["owner", "if-none-match"],
                Outcomes =
                [
                    new(200, "The options.", "etag") { Json = schemas.AddAnswer("game-options", typeof(GameOptions)) },
                    ServerOperations.Known,
                ],
            },
            new("get", $"{session}/map", $"{tag}.map", "Shows the map as its player knows it")
            {
                Tag = tag,
                Parameters = ["owner", "if-none-match"],
                Outcomes =
                [
                    new(200, "The map.", "etag") { Json = schemas.AddAnswer("game-map", typeof(MapShown)) },
                    ServerOperations.Known,
                ],
            },
        ];
    }
}
