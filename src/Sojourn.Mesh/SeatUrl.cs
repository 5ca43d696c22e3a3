namespace Sojourn.Mesh;

/// <summary>
/// Of which server a seat is. One that was found in the local network has another address the next evening, and is the
/// same by what its party's invitations begin with; that stands behind the <c>#</c>, which no server gets to see.
/// </summary>
internal static class SeatUrl
{
    private const string Mark = "#lan-";

    /// <summary>That of a server in the local network.</summary>
    /// <param name="server">Where it is now.</param>
    /// <param name="handle">What its party's invitations begin with.</param>
    public static Uri Local(Uri server, string handle) => new UriBuilder(server) { Fragment = Mark + handle }.Uri;

    /// <summary>Whether it is one in the local network.</summary>
    public static bool IsLocal(Uri url) => url.Fragment.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Where the server is.</summary>
    public static Uri ServerOf(Uri url) => IsLocal(url) ? new UriBuilder(url) { Fragment = "" }.Uri : url;

    /// <summary>What tells it from others.</summary>
    public static string NameOf(Uri url) => IsLocal(url) ? url.Fragment : url.GetLeftPart(UriPartial.Authority);
}
