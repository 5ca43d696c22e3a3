using Sojourn.Parties;

namespace Sojourn.Cli.Parties;

/// <summary>What lets somebody join a party: its server, and the code.</summary>
/// <param name="Url">The server.</param>
/// <param name="Code">The code, without dashes.</param>
internal sealed record Invitation(Uri Url, string Code)
{
    /// <summary>What finds the party, as its server writes it; it is no secret. Null if this can be no code.</summary>
    public string? Handle => Code.Length > LanFormat.HandleLength
        && Code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        ? Code[..LanFormat.HandleLength].Replace('o', '0').Replace('i', '1').Replace('l', '1') : null;

    /// <summary>Whether a text does not say of which server it is.</summary>
    public static bool IsCodeAlone(string text) => !text.Contains("://", StringComparison.Ordinal);

    /// <summary>Reads a link, or a code alone.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="url">The server that a code alone is of.</param>
    public static Invitation Parse(string text, Uri url)
    {
        if (IsCodeAlone(text))
            return new(url, Plain(text));
        return Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
            && link.Fragment.Length > 1
            ? new(new Uri(link.GetLeftPart(UriPartial.Path)), Plain(link.Fragment[1..]))
            : throw new UsageException($"'{text}' is no invitation: a link http://SERVER/#CODE, or the code alone.");
    }

    /// <summary>The code, as people write it.</summary>
    public string Words => string.Join('-', Code.Chunk(4).Select(part => new string(part)));

    /// <summary>As a link, which a server never gets to see the code of by being opened.</summary>
    public override string ToString() => $"{Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/#{Words}";

    private static string Plain(string code) =>
        string.Concat(code.Where(c => c is not ('-' or ' '))).ToLowerInvariant();
}
