using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Parties;
using Sojourn.Server.Agents;
using Sojourn.Server.Explorer;
using Sojourn.Server.Generation;
using Sojourn.Server.Guarding;
using Sojourn.Server.Keys;
using Sojourn.Server.Parties;
using Sojourn.Server.Play;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.OpenApi;

/// <summary>Tells programs what can be asked of this server. Made at the first request; it never changes.</summary>
internal sealed class OpenApiEndpoint(SojournEngine engine, SojournServerOptions options)
{
    private readonly Lazy<Written> _document = new(() => Write(engine, options));

    public async ValueTask<HttpProblem?> GetAsync(HttpContext context, Caller caller)
    {
        var (bytes, etag) = _document.Value;
        var response = context.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "private, no-cache";
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
        return null;
    }

    private static Written Write(SojournEngine engine, SojournServerOptions options)
    {
        var comments = new DocComments();
        var schemas = new Schemas(comments);
        SharedSchemas.AddTo(schemas);
        var operations = new List<Operation>();
        var tags = new List<JsonObject>();
        foreach (var kind in KeyKind.Others(engine))
        {
            operations.AddRange(new SessionOperations(kind, schemas, comments).All());
            operations.AddRange(ManyOperations.Of(kind, schemas));
            operations.Add(StreamOperations.OfLogs(kind.Name));
            if (GenerationEndpoints.Serve(kind))
            {
                operations.AddRange(ServerOperations.OfGeneration());
            }

            if (ExplorerEndpoints.Serve(kind))
            {
                operations.AddRange(ExplorerOperations.All(schemas));
                operations.AddRange(SlotEndpoints.Serve(engine) ? new SlotOperations(schemas).All() : []);
            }

            if (AgentEndpoints.Serve(kind))
            {
                operations.AddRange(new AgentOperations(schemas).All());
            }

            tags.Add(Tag(kind.Name, comments.Of(kind.StateType) ?? $"Sessions of kind {kind.Name}."));
        }

        if (CloudSlotEndpoints.Serve(engine))
        {
            operations.AddRange(new CloudSlotOperations(schemas).All());
            tags.Add(Tag(CloudSlotOperations.Tag, "Saves of games that are kept on this server."));
        }

        if (SeatEndpoints.Serve(engine))
        {
            operations.AddRange(OfParties(engine, schemas, comments, tags));
        }

        operations.AddRange(ServerOperations.OfKeys(schemas));
        operations.AddRange(ManyOperations.All(schemas));
        operations.AddRange(ServerOperations.All(schemas));
        operations.AddRange(StreamOperations.All(options.StreamsPath));
        tags.Add(Tag("streams", "Logs that anybody may append to and follow, over the Durable Streams protocol."));
        if (options.ServesConsole)
        {
            operations.AddRange(ConsoleOperations.All(schemas, options.AnswersEveryPath));
            tags.Add(Tag("console", "Pages for people, and how browsers log in to them."));
        }

        tags.Add(Tag("server", "The server itself."));
        var document = new ApiDocument(schemas).Write(operations, tags);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, SojournJson.Options);
        return new(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\"");
    }

    private static IEnumerable<Operation> OfParties(
        SojournEngine engine, Schemas schemas, DocComments comments, List<JsonObject> tags)
    {
        tags.Add(Tag(SeatOperations.Tag, "Seats in parties. Members have no key, but a secret of their own."));
        tags.Add(Tag(RelayOperations.Tag, "Relays for parties that are not the server's own."));
        return new SeatOperations(engine.Kinds[PartyKind.KindName], schemas, comments).All()
            .Concat(RelayOperations.All(schemas));
    }

    private static JsonObject Tag(string name, string says) => new() { ["name"] = name, ["description"] = says };

    private sealed record Written(byte[] Bytes, string ETag);
}
