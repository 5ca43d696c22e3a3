using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sojourn.Server.Problems;

namespace Sojourn.Server.OpenApi;

/// <summary>Writes the OpenAPI 3.1 document: operations in, JSON out.</summary>
internal sealed partial class ApiDocument(Schemas schemas)
{
    // What any request may meet, whatever it asks for: bad parameters, a key that is missing or may not, our faults.
    private static readonly int[] Always = [400, 403, 404, 500, 503];
    private static readonly int[] WithKey = [401, 429];

    private readonly Examples _examples = new(schemas);

    public JsonObject Write(IEnumerable<Operation> operations, IEnumerable<JsonObject> tags)
    {
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(operation => operation.Path, StringComparer.Ordinal))
        {
            paths[path.Key] = Named(path, each => each.Method, Write);
        }

        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Sojourn",
                ["version"] = "1",
                ["summary"] = "Sessions that people come back to.",
                ["description"] = "Times are RFC 3339 in UTC. Every error is an RFC 9457 problem.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(Security("key"), Security("cookie")),
            ["tags"] = new JsonArray([.. tags]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All.DeepClone(),
                ["parameters"] = SharedParts.Parameters(),
                ["headers"] = SharedParts.Headers(),
                ["responses"] = Problems(),
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["cookie"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "cookie",
                        ["name"] = "sojourn-7707",
                        ["description"] = "What a browser has after a log-in; the number is the server's port. Good "
                            + "for the server's own pages alone.",
                    },
                    ["seat"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "The secret that a member of a party has taken its seat with.",
                    },
                },
            },
        };
    }

    private JsonObject Write(Operation operation)
    {
        var json = new JsonObject
        {
            ["tags"] = new JsonArray(operation.Tag),
            ["operationId"] = operation.Id,
            ["summary"] = operation.Summary,
        };
        if (operation.Description is not null)
        {
            json["description"] = operation.Description;
        }

        var parameters = PathParameter().Matches(operation.Path).Select(match => match.Groups["name"].Value)
            .Concat(operation.Parameters).Select(name => Ref("parameters", name)).Concat(operation.OwnParameters);
        json["parameters"] = new JsonArray([.. parameters]);
        if (operation.Body is { } body)
        {
            json["requestBody"] = new JsonObject
            {
                ["required"] = NeedsBody(body),
                ["content"] = new JsonObject { ["application/json"] = Content(body) },
            };
        }

        if (operation.TakesBytes)
        {
            json["requestBody"] = new JsonObject { ["content"] = new JsonObject { ["*/*"] = new JsonObject() } };
        }

        if (SecurityOf(operation) is { } security)
        {
            json["security"] = security;
        }

        json["responses"] = Responses(operation);
        return json;
    }

    /// <summary>Null for what all take.</summary>
    private static JsonArray? SecurityOf(Operation operation) => operation switch
    {
        { IsOpen: true } => [],
        { TakesSecret: true } => [Security("seat")],
        { NeedsKey: true } => [Security("key")],
        _ => null,
    };

    private JsonObject Responses(Operation operation)
    {
        var responses = new JsonObject();
        foreach (var outcome in operation.Outcomes)
        {
            responses[Number(outcome.Status)] = Write(outcome);
        }

        foreach (var status in Always.Concat(operation.Problems).Concat(operation.IsOpen ? [] : WithKey).Order())
        {
            responses[Number(status)] = Ref("responses", $"problem-{Number(status)}");
        }

        return responses;
    }

    private JsonObject Write(Outcome outcome)
    {
        var response = new JsonObject
        {
            ["description"] = outcome.Says,
            ["headers"] = Headers(outcome.Headers),
        };

        var content = new JsonObject();
        if (outcome.Json is { } schema)
        {
            content["application/json"] = Content(schema);
        }

        foreach (var media in outcome.Media)
        {
            content[media] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        if (content.Count > 0)
        {
            response["content"] = content;
        }

        return response;
    }

    private JsonObject Content(JsonObject schema) => new()
    {
        ["schema"] = schema.DeepClone(),
        ["example"] = _examples.Of(schema),
    };

    // An empty body stands for {}.
    private bool NeedsBody(JsonObject schema) => schemas.Resolve(schema)["required"] is JsonArray { Count: > 0 };

    /// <summary>One response for each status, with all problems that have it.</summary>
    private static JsonObject Problems()
    {
        var responses = new JsonObject();
        foreach (var status in HttpProblem.Types.GroupBy(HttpProblem.StatusOf).OrderBy(each => each.Key))
        {
            var problem = SharedSchemas.Problem(status);
            var headers = status.Key switch
            {
                401 => ["www-authenticate"],
                405 => ["allow"],
                429 or 503 => ["retry-after"],
                _ => Array.Empty<string>(),
            };
            responses[$"problem-{Number(status.Key)}"] = new JsonObject
            {
                ["description"] = string.Join("; ", status.Select(type => $"`{type}`: {HttpProblem.TitleOf(type)}")),
                ["headers"] = Headers(headers),
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = problem } },
            };
        }

        return responses;
    }

    private static JsonObject Headers(IEnumerable<string> headers) =>
        Named(headers.Append("x-request-id"), SharedParts.NameOf, name => Ref("headers", name));

    private static JsonObject Named<T>(IEnumerable<T> all, Func<T, string> name, Func<T, JsonNode?> value) =>
        new(all.Select(each => KeyValuePair.Create(name(each), value(each))));

    private static JsonObject Security(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject Ref(string part, string name) => new() { ["$ref"] = $"#/components/{part}/{name}" };

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathParameter();
}
