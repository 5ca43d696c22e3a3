using System.ClientModel;
using System.Globalization;
using System.Text.Json;

namespace Sojourn.Models;

/// <summary>
/// Puts what the model's server answered, or failed to, into a sentence that says what to do. Owners of sessions read
/// it, so it names settings, but not what they are set to.
/// </summary>
internal sealed class ServerAnswer(ModelKey key, TimeProvider time)
{
    private const int LongestQuote = 300;

    /// <summary>What a failed call to the API means.</summary>
    /// <param name="failure">What the client threw. Nothing of it is kept: servers repeat keys.</param>
    /// <param name="model">Which model was called.</param>
    public ModelException Of(ClientResultException failure, string model)
    {
        if (failure.GetRawResponse() is not { } response)
        {
            return Unreached(failure);
        }

        response.Headers.TryGetValue("Retry-After", out var after);
        var (code, quote) = Read(response.Content);
        return response.Status switch
        {
            // Not quoted: some servers repeat a wrong key in part.
            401 => new ModelException(
                $"The model's server {(key.IsThere ? "does not accept the key" : "wants a key")} (401). "
                + "Correct the configuration, restart, and retry."),
            403 => new ModelException(
                $"The key may not use the model '{model}' (403). "
                + $"Grant it that, or configure another model, and retry.{quote}"),
            404 => new ModelException(
                $"The model's server knows no model '{model}', or {nameof(ModelOptions.BaseUrl)} is not the address "
                + $"of its API (404). Correct the configuration, restart, and retry.{quote}"),
            429 when code == "insufficient_quota" => new ModelException(
                $"The account behind the key has no credit left (429). Top it up and retry.{quote}"),
            429 => new ModelException(
                $"The model's server is asked too often (429). Retry later, or lower "
                + $"{nameof(ModelOptions.MaxConcurrent)}.{quote}", Cure.Wait, Pause(after)),
            408 or >= 500 => new ModelException(
                $"The model's server has failed ({response.Status}). Retry later.{quote}", Cure.Wait, Pause(after)),
            _ => new ModelException(
                $"The model's server does not accept the request for the model '{model}' ({response.Status}). "
                + $"Change what it complains of, or configure another model, and retry.{quote}"),
        };
    }

    /// <summary>What a connection that failed means; an answer that was too large is one of these.</summary>
    public static ModelException Unreached(Exception failure)
    {
        for (var each = failure; each is not null; each = each.InnerException)
        {
            if (each is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
            {
                return new ModelException("The model's server has sent more than a picture may hold. Configure a "
                    + $"smaller {nameof(ModelOptions.ImageSize)}, or raise {nameof(ModelOptions.MaxPictureBytes)}, "
                    + "and retry.");
            }
        }

        return new ModelException(
            "The connection to the model's server failed or was cut. Check that it runs and that "
            + $"{nameof(ModelOptions.BaseUrl)} leads to it, and retry.", Cure.Wait);
    }

    /// <summary>How long a Retry-After asks to wait: seconds, or a date.</summary>
    public TimeSpan? Pause(string? retryAfter)
    {
        if (int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(
                retryAfter, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            && date - time.GetUtcNow() is { Ticks: > 0 } wait ? wait : null;
    }

    private (string? Code, string Quote) Read(BinaryData? body)
    {
        try
        {
            using var json = JsonDocument.Parse(body?.ToMemory() ?? default);
            var error = Member(json.RootElement, "error") ?? json.RootElement;
            return (Text(error, "code") ?? Text(error, "type"), Quote(Text(error, "message")));
        }
        catch (JsonException)
        {
            // A proxy's HTML says nothing to anybody here.
            return (null, "");
        }
    }

    private string Quote(string? said)
    {
        if (string.IsNullOrWhiteSpace(said))
        {
            return "";
        }

        // The key first: cut in two it would not be found.
        var plain = string.Concat(key.Scrub(said).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return " It says: "
            + (plain.Length <= LongestQuote ? plain : string.Concat(plain.AsSpan(0, LongestQuote), "…"));
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
