using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;

namespace Sojourn.Server.Problems;

/// <summary>Sends a problem.</summary>
internal static class ProblemAnswer
{
    /// <summary>What stands before each type.</summary>
    public const string Prefix = "urn:sojourn:problem:";

    /// <param name="response">Not yet started.</param>
    /// <param name="problem">What to say.</param>
    /// <param name="kinds">The kinds, for the session in <see cref="HttpProblem.Current"/>.</param>
    public static ValueTask WriteAsync(
        HttpResponse response, HttpProblem problem, IReadOnlyDictionary<string, KindDescription> kinds)
    {
        var headers = response.Headers;
        // What was said of the answer that did not come about is not true of this one.
        headers.Clear();
        SafeHeaders.Set(headers);
        headers[RequestId.Header] = response.HttpContext.TraceIdentifier;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in problem.Headers)
        {
            headers[name] = value;
        }

        if (problem.Allow is not null)
        {
            headers.Allow = problem.Allow;
        }

        if (problem.Type == HttpProblemTypes.Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        var buffer = JsonBuffer.Rent();
        Write(buffer.Json, problem, kinds);
        return buffer.SendAsync(response);
    }

    /// <summary>Writes a problem as JSON.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="problem">What to say.</param>
    /// <param name="kinds">As in the other.</param>
    /// <param name="withPause">True to say when to try again, where no header can.</param>
    public static void Write(
        Utf8JsonWriter json, HttpProblem problem, IReadOnlyDictionary<string, KindDescription> kinds,
        bool withPause = false)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Prefix + problem.Type);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        if (problem.Code is not null)
        {
            json.WriteString("code"u8, problem.Code);
        }

        if (problem.Field is not null)
        {
            json.WriteString("field"u8, problem.Field);
        }

        json.WriteBoolean("retryable"u8, problem.Retryable);
        if (withPause && problem.RetryAfterSeconds is { } seconds)
        {
            json.WriteNumber("retryAfterSeconds"u8, seconds);
        }

        if (problem.IsOfCommand)
        {
            json.WriteBoolean("success"u8, false);
        }

        if (problem.Current is { } current)
        {
            json.WritePropertyName("current"u8);
            SessionJson.Write(json, current, kinds[current.Key.Kind]);
        }

        foreach (var (name, value) in problem.More)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, value.GetType(), SojournJson.Options);
        }

        json.WriteEndObject();
    }
}
