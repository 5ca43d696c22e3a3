using System.Text.Json.Nodes;
using Sojourn.Kinds.Generation;
using Sojourn.Server.Keys;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of the server itself, and what single kinds have besides their commands.</summary>
internal static class ServerOperations
{
    private const string Server = "server";

    internal static Outcome Known => new(304, "It is the one that the reader has.", "etag");

    public static IEnumerable<Operation> All(Schemas schemas) =>
    [
        new("get", "/health/live", "health.live", "Tells that the process is up")
        {
            Tag = Server,
            IsOpen = true,
            Outcomes = [new(200, "It is up.") { Json = Status("live") }],
        },
        new("get", "/health/ready", "health.ready", "Tells whether the server takes work")
        {
            Tag = Server,
            IsOpen = true,
            Outcomes = [new(200, "It does.") { Json = ManyOperations.Ready(schemas) }],
        },
        new("get", "/openapi/v1.json", "openapi", "This document")
        {
            Tag = Server,
            Parameters = ["if-none-match"],
            Outcomes =
            [
                new(200, "An OpenAPI 3.1 document.", "etag") { Json = new() { ["type"] = "object" } }, Known,
            ],
        },
    ];

    /// <summary>Who may talk to the server.</summary>
    public static IEnumerable<Operation> OfKeys(Schemas schemas) =>
    [
        new("get", "/v1/keys", "keys.list", "Lists the keys, newest first")
        {
            Tag = Server,
            Description = "For admin keys. Revoked and expired keys are listed for 30 days.",
            Parameters = ["cursor", "list-limit"],
            Outcomes = [new(200, "A page.") { Json = schemas.AddAnswer("keys", typeof(KeyPage)) }],
        },
        new("post", "/v1/keys", "keys.make", "Makes a key")
        {
            Tag = Server,
            Description = "For admin keys. The key itself is in this answer and in no other.",
            Body = schemas.AddRequest("new-key", typeof(NewKey)),
            Outcomes = [new(201, "The key.") { Json = schemas.AddAnswer("key", typeof(KeyView)) }],
            Problems = [413, 415, 422],
        },
        new("delete", "/v1/keys/{id}", "keys.revoke", "Revokes a key at once")
        {
            Tag = Server,
            Description = "For admin keys. Streams that were opened with it end.",
            Outcomes = [new(204, "It is refused from now on.")],
        },
    ];

    /// <summary>What a generation leaves behind.</summary>
    public static IEnumerable<Operation> OfGeneration()
    {
        const string tag = GenerationKind.KindName;
        const string session = $"/v1/{tag}/{{id}}";
        return
        [
            new("get", $"{session}/storyboard.zip", $"{tag}.archive", "Downloads the storyboard as a ZIP")
            {
                Tag = tag,
                Description = "The story, `scenes.json`, the pictures, and a page that shows them.",
                Parameters = ["owner", "if-none-match"],
                Outcomes = [new(200, "The archive.", "etag") { Media = ["application/zip"] }, Known],
                Problems = [409],
            },
            new("get", $"{session}/storyboard.html", $"{tag}.page", "Shows the storyboard as a page")
            {
                Tag = tag,
                Parameters = ["owner", "if-none-match"],
                Outcomes = [new(200, "The page, its pictures inlined.", "etag") { Media = ["text/html"] }, Known],
                Problems = [409],
            },
            new("get", $"{session}/scenes/{{number}}/picture", $"{tag}.picture", "Shows the picture of one scene")
            {
                Tag = tag,
                Parameters = ["owner", "if-none-match"],
                Outcomes = [new(200, "The picture.", "etag") { Media = ["image/svg+xml"] }, Known],
            },
        ];
    }

    private static JsonObject Status(string status) =>
        SharedSchemas.Members(("status", new JsonObject { ["const"] = status }));
}
