namespace Sojourn.Cli.Parties;

/// <summary>What lets somebody join a party: its server, and the code.</summary>
/// <param name="Url">The server.</param>
/// <param name="Code">The code, without dashes.</param>
internal sealed record Invitation(Uri Url, string Code)
{
    /// <summary>Reads a link, or a code alone.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="url">The server that a code alone is of.</param>
    public static Invitation Parse(string text, Uri url)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
            return new(url, Plain(text));
        return Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
            && link.Fragment.Length > 1
            ? new(new Uri(link.GetLeftPart(UriPartial.Path)), Plain(link.Fragment[1..]))
            : throw new UsageException($"'{text}' is no invitation: a link http://SERVER/#CODE, or the code alone.");
    }

    /// <summary>As a link, which a server never gets to see the code of by being opened.</summary>
    public override string ToString() =>
        $"{Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/#"
        + string.Join('-', Code.Chunk(4).Select(part => new string(part)));

    private static string Plain(string code) =>
        string.Concat(code.Where(c => c is not ('-' or ' '))).ToLowerInvariant();
}
