using System.Text.Json.Nodes;
using Sojourn.Server.Console;

namespace Sojourn.Server.OpenApi;

/// <summary>How browsers log in and out of the console.</summary>
internal static class ConsoleOperations
{
    private const string Console = "console";

    /// <summary>All of them.</summary>
    /// <param name="schemas">Where their bodies are described.</param>
    /// <param name="hasRoot">Whether the server's own address leads there.</param>
    public static IEnumerable<Operation> All(Schemas schemas, bool hasRoot)
    {
        var me = schemas.AddAnswer("caller", typeof(CallerView));
        IEnumerable<Operation> root = hasRoot
            ? [
                new("get", "/", "console.begin", "Leads to the console")
                {
                    Tag = Console,
                    IsOpen = true,
                    Outcomes = [new(302, "The console is elsewhere.", "location")],
                },
            ]
            : [];
        return
        [
            .. root,
            new("post", "/console/links", "console.link", "Makes a link that logs one browser in")
            {
                Tag = Console,
                Description = "With a key alone, not with a cookie. A key has at most "
                    + $"{ConsoleLinks.MostOfKey} links; another takes the place of the one that ends first.",
                NeedsKey = true,
                Outcomes =
                [
                    new(201, "What follows the server's address.")
                    {
                        Json = schemas.AddAnswer("console-link", typeof(ConsoleLink)),
                    },
                ],
            },
            new("post", "/console/login", "console.login", "Turns a link's code, or a key, into a cookie")
            {
                Tag = Console,
                Description = "Either `code` or `key`. A key has at most "
                    + $"{LogIns.Most} browsers logged in; another takes the place of the oldest.",
                IsOpen = true,
                Body = schemas.AddRequest("new-log-in", typeof(NewLogIn)),
                Outcomes = [new(200, "Whom the browser speaks for now.", "set-cookie") { Json = Copy(me) }],
                Problems = [401, 413, 415, 422, 429],
            },
            new("post", "/console/logout", "console.logout", "Logs the browser out")
            {
                Tag = Console,
                Description = "With a key instead of a cookie it logs out every browser that was logged in with it.",
                Outcomes = [new(204, "It is done; what was followed ends.")],
            },
            new("get", "/console/me", "console.me", "Tells whom the request speaks for")
            {
                Tag = Console,
                Outcomes = [new(200, "That.") { Json = Copy(me) }],
            },
        ];
    }

    private static JsonObject Copy(JsonObject schema) => (JsonObject)schema.DeepClone();
}
