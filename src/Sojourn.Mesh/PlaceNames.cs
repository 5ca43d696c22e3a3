using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh;

/// <summary>Names of places become addresses.</summary>
internal static class PlaceNames
{
    // Everything else waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Where a <c>host:port</c> is, in IPv4; null if that is nowhere, or nobody knows.</summary>
    public static async Task<IPEndPoint?> FindAsync(string place, CancellationToken stop)
    {
        if (IPEndPoint.TryParse(place, out var known) && known.Port != 0)
            return known.AddressFamily == AddressFamily.InterNetwork ? known : null;
        if (place.LastIndexOf(':') is not (> 0 and var colon)
            || !int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(place[..colon], AddressFamily.InterNetwork, stop)
                .WaitAsync(Patience, stop);
            // Of several the same one for all, whatever order they come in.
            var first = addresses.MinBy(address => address.ToString(), StringComparer.Ordinal);
            return first is null ? null : new IPEndPoint(first, port);
        }
        catch (Exception unknown) when (unknown is SocketException or TimeoutException)
        {
            return null;
        }
    }
}
