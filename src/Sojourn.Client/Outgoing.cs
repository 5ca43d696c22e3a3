using System.Net.Http.Headers;

namespace Sojourn.Client;

/// <summary>One request as often as it may have to be sent.</summary>
internal sealed record Outgoing(HttpMethod Method, string Path)
{
    public byte[]? Body { get; init; }

    /// <summary>What the body is; JSON by default.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The tag, quotes and all, that the request is about; null for any.</summary>
    public string? ExpectedTag { get; init; }

    /// <summary>A header of the body that says what it must come to; null for none.</summary>
    public string? ContentDigest { get; init; }

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
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
            if (ContentDigest is not null)
                request.Content.Headers.Add("Content-Digest", ContentDigest);
        }

        if (IdempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", IdempotencyKey);
        if (ExpectedVersion is { } version)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        if (ExpectedTag is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ExpectedTag));
        if (OnlyIfNew)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        return request;
    }
}
