using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sojourn.Cli;

/// <summary>
/// One session as a person names it: <c>KIND/ID</c>, or a generated id alone, which begins with its kind:
/// <c>KIND-</c> and 26 characters.
/// </summary>
internal sealed record SessionAddress
{
    private const int GeneratedLength = 26;
    private static readonly SearchValues<char> Crockford = SearchValues.Create("0123456789abcdefghjkmnpqrstvwxyz");

    private SessionAddress(string kind, string id) => (Kind, Id) = (kind, id);

    public string Kind { get; }

    public string Id { get; }

    public static SessionAddress Of(Sojourn.Client.Session session) => new(session.Kind, session.Id);

    public static bool TryParse(string text, [NotNullWhen(true)] out SessionAddress? address)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (kind, id) = slash < 0 ? (KindOf(text), text) : (text[..slash], text[(slash + 1)..]);
        address = kind is not null && IsName(kind) && IsName(id) ? new SessionAddress(kind, id) : null;
        return address is not null;
    }

    /// <summary>1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a letter or a digit.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    /// <summary>As short as <see cref="TryParse"/> understands it.</summary>
    public override string ToString() => KindOf(Id) == Kind ? Id : $"{Kind}/{Id}";

    private static string? KindOf(string id)
    {
        var dash = id.Length - GeneratedLength - 1;
        return dash > 0 && id[dash] == '-' && id.AsSpan(dash + 1).IndexOfAnyExcept(Crockford) < 0 ? id[..dash] : null;
    }
}
