using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Play;

/// <summary>Reads what must be in a slot for a change to be made, and what its bytes must be.</summary>
internal static class CloudConditions
{
    private const string Digest = "Content-Digest", Sha256 = "sha-256=:";

    // A generation, a dash, and 16 digits of the checksum.
    private const int LongestTag = 40;

    private static readonly SearchValues<char> TagCharacters = SearchValues.Create("0123456789abcdef-");

    public static string ETagOf(CloudSave save) => $"\"{save.Tag}\"";

    /// <summary>The header that says what the bytes of a save come to.</summary>
    public static string DigestOf(CloudSave save) =>
        $"{Sha256}{Convert.ToBase64String(Convert.FromHexString(save.Sha256))}:";

    /// <summary>What the request says of the slot. Nothing at all is refused where something could be lost.</summary>
    public static HttpProblem? Read(HttpRequest request, bool isNeeded, out SlotCondition condition)
    {
        condition = SlotCondition.None;
        if (!Query.TryReadTruth(request, "force", out var force, out var fault))
        {
            return fault;
        }

        var (match, none) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        if (force == true)
        {
            return match.Count + none.Count == 0 ? null : HttpProblem.BadParameter(
                "force", "'force' is for whatever the slot holds; leave If-Match and If-None-Match out.");
        }

        if (match.Count > 0 && none.Count > 0)
        {
            return HttpProblem.BadParameter("If-Match", "Send either If-Match or If-None-Match.");
        }

        if (none.Count > 0)
        {
            condition = new SlotCondition(MustBeEmpty: true);
            return none is ["*"] ? null : HttpProblem.BadParameter(
                "If-None-Match", "With a change, If-None-Match can only be *: the slot must be empty.");
        }

        if (match.Count == 0)
        {
            return !isNeeded ? null : new(HttpProblemTypes.PreconditionRequired,
                "Say what the slot is to hold now: If-Match with the ETag of the save that this one goes on from, or "
                + "If-None-Match: * for an empty slot; or force=true to overwrite whatever there is.");
        }

        return ReadMatch(match.Count == 1 ? match.ToString().Trim() : "", out condition);
    }

    /// <summary>Checks the bytes against what the client says of them, if it does.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sha256">What they come to, in hexadecimal.</param>
    public static HttpProblem? CheckDigest(HttpRequest request, string sha256)
    {
        foreach (var line in request.Headers[Digest])
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (!part.StartsWith(Sha256, StringComparison.OrdinalIgnoreCase))
                {
                    // By another algorithm: as the standard has it, that is ignored.
                    continue;
                }

                if (!part.EndsWith(':') || !TryDecode(part[Sha256.Length..^1], out var told))
                {
                    return HttpProblem.BadParameter(
                        Digest, "Content-Digest must be sha-256=: and 32 bytes in Base64 and a colon.");
                }

                if (told != sha256)
                {
                    return HttpProblem.BadParameter(Digest, "The body is not what Content-Digest says: it was changed "
                        + $"on its way. What arrived has the SHA-256 {sha256}. Send it again.") with
                    {
                        Code = "digest-mismatch",
                    };
                }
            }
        }

        return null;
    }

    private static bool TryDecode(string base64, out string hexadecimal)
    {
        Span<byte> bytes = stackalloc byte[32];
        var isWhole = Convert.TryFromBase64String(base64, bytes, out var length) && length == bytes.Length;
        hexadecimal = isWhole ? Convert.ToHexStringLower(bytes) : "";
        return isWhole;
    }

    private static HttpProblem? ReadMatch(string text, out SlotCondition condition)
    {
        var isTag = text.Length is > 2 and <= LongestTag && text[0] == '"' && text[^1] == '"'
            && !text.AsSpan()[1..^1].ContainsAnyExcept(TagCharacters);
        condition = new SlotCondition(text == "*" ? text : isTag ? text[1..^1] : null);
        return condition.Tag is not null ? null : HttpProblem.BadParameter(
            "If-Match", "If-Match must be one ETag of a save, as it was given, such as \"3-9f86d081884c7d65\", or *.");
    }
}
