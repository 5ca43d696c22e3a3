using System.Net.Http.Headers;

namespace Sojourn.Client;

/// <summary>One request as often as it may have to be sent.</summary>
internal sealed record Outgoing(HttpMethod Method, string Path)
{
    public byte[]? Body { get; init; }

    public string? IdempotencyKey { get; init; }

    public long? ExpectedVersion { get; init; }

    public bool OnlyIfNew { get; init; }

    /// <summary>A second arrival has no second effect, even without an idempotency key.</summary>
    public bool Repeatable { get; init; }

    /// <summary>How long one attempt may take; null for what the options say.</summary>
    public TimeSpan? Limit { get; init; }

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (IdempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", IdempotencyKey);
        if (ExpectedVersion is { } version)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        if (OnlyIfNew)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        return request;
    }
}
