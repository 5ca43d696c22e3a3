using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client;

/// <summary>Why the server did not do what it was asked to: the problem details of RFC 9457.</summary>
public sealed record SojournProblem
{
    /// <summary>What the types of all of Sojourn's own problems begin with.</summary>
    public const string Prefix = "urn:sojourn:problem:";

    /// <summary>Stable, for programs; <c>about:blank</c> if the answer did not come from Sojourn.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The type in words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status; 0 if it did not come from a server.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Status { get; init; }

    /// <summary>A sentence for people that says what helps.</summary>
    public string? Detail { get; init; }

    /// <summary>For refusals and invalid parameters, the rule's own reason.</summary>
    public string? Code { get; init; }

    /// <summary>The parameter at fault.</summary>
    public string? Field { get; init; }

    /// <summary>True if the same request may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>For a version mismatch, the session as it stands.</summary>
    public Session? Current { get; init; }

    /// <summary>What else the server says.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; init; }

    /// <summary>The last part of <see cref="Type"/>, such as <c>refused</c>.</summary>
    [JsonIgnore]
    public string Name => Type.StartsWith(Prefix, StringComparison.Ordinal) ? Type[Prefix.Length..] : Type;

    internal static async Task<SojournProblem> ReadAsync(HttpResponseMessage response, CancellationToken giveUp)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                var bytes = await response.Content.ReadAsByteArrayAsync(giveUp).ConfigureAwait(false);
                if (JsonSerializer.Deserialize<SojournProblem>(bytes, ClientJson.Options) is { } problem)
                    return problem with { Status = status };
            }
            catch (JsonException)
            {
                // Something between us and the server answers in its own JSON; the status still says enough.
            }
        }

        return new SojournProblem
        {
            Status = status,
            Title = response.ReasonPhrase,
            Detail = $"The server answered {status} {response.ReasonPhrase} without saying why.",
            Retryable = status is 429 or 503,
        };
    }
}
