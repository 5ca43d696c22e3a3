using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>Reads the parameters of a start or a command: one JSON object, strictly.</summary>
internal static class RequestBody
{
    private static readonly JsonSerializerOptions Strict = MakeStrict();

    private static readonly byte[] NoParameters = "{}"u8.ToArray();

    /// <summary>Reads the body as a record.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="type">The record.</param>
    /// <param name="maxBytes">The longest body to read.</param>
    public static ValueTask<Parameters> ReadAsync(HttpRequest request, Type type, int maxBytes)
    {
        if (!IsThere(request))
        {
            return new(Parse(NoParameters, type, isAbsent: true));
        }

        if (!IsJson(request.ContentType))
        {
            return new(new Parameters(NotJson()));
        }

        return request.ContentLength > maxBytes
            ? new(new Parameters(TooLarge(maxBytes)))
            : ReadAsync(request.BodyReader, type, maxBytes, request.HttpContext.Features.Get<BodyLength>());
    }

    /// <summary>Whether a request has a body, or may have one.</summary>
    public static bool IsThere(HttpRequest request) => request.ContentLength != 0
        && (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true);

    /// <summary>Reads a part of a body as a record.</summary>
    /// <param name="json">The part; null if it is not there, which stands for no parameters.</param>
    /// <param name="type">The record.</param>
    public static Parameters Read(JsonElement? json, Type type) => json is { } part
        ? Parse(JsonMarshal.GetRawUtf8Value(part), type)
        : Parse(NoParameters, type, isAbsent: true);

    /// <summary>Reads bytes as a record.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="type">The record.</param>
    public static Parameters Read(ReadOnlySpan<byte> json, Type type) => Parse(json, type);

    private static async ValueTask<Parameters> ReadAsync(PipeReader body, Type type, int maxBytes, BodyLength? length)
    {
        while (true)
        {
            var read = await body.ReadAsync();
            var bytes = read.Buffer;
            length?.Bytes = bytes.Length;
            if (bytes.Length > maxBytes)
            {
                // What follows is for the web server to drain; it gives up after a while.
                body.AdvanceTo(bytes.End);
                return new(TooLarge(maxBytes));
            }

            if (!read.IsCompleted)
            {
                body.AdvanceTo(bytes.Start, bytes.End);
                continue;
            }

            var parameters = Parse(bytes, type);
            body.AdvanceTo(bytes.End);
            return parameters;
        }
    }

    private static Parameters Parse(in ReadOnlySequence<byte> bytes, Type type)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.IsEmpty ? Parse(NoParameters, type, isAbsent: true) : Parse(bytes.FirstSpan, type);
        }

        var length = (int)bytes.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            bytes.CopyTo(whole);
            return Parse(whole.AsSpan(0, length), type);
        }
        finally
        {
            // A story is nobody else's business.
            ArrayPool<byte>.Shared.Return(whole, clearArray: true);
        }
    }

    private static Parameters Parse(ReadOnlySpan<byte> json, Type type, bool isAbsent = false)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type, Strict) is { } value
                ? new(value)
                : new(new HttpProblem(HttpProblemTypes.Malformed, "The body is null; it must be a JSON object."));
        }
        catch (JsonException fault)
        {
            return new(isAbsent
                ? BodyFault.Absent(Strict.GetTypeInfo(type))
                : BodyFault.Explain(json, type, Strict, fault));
        }
    }

    private static JsonSerializerOptions MakeStrict()
    {
        // Two members of one name mean that two readers may see two different requests.
        var options = new JsonSerializerOptions(SojournJson.Options) { AllowDuplicateProperties = false };
        options.Converters.Insert(0, new ChoiceConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Whether this is the type of JSON in UTF-8.</summary>
    public static bool IsJson(string? contentType) => contentType is "application/json"
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The body is said to be something else.</summary>
    public static HttpProblem NotJson() => new(HttpProblemTypes.UnsupportedMediaType,
        "The body must be JSON in UTF-8, sent with 'Content-Type: application/json'.");

    private static HttpProblem TooLarge(int maxBytes) =>
        new(ProblemTypes.TooLarge, $"The body is larger than {maxBytes:N0} bytes, the most that the server takes.");
}

/// <summary>What a body was read as, or what is wrong with it.</summary>
internal readonly struct Parameters
{
    public Parameters(object value) => Value = value;

    public Parameters(HttpProblem problem) => Problem = problem;

    public object? Value { get; }

    public HttpProblem? Problem { get; }
}
