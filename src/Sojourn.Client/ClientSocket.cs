using System.Net;

namespace Sojourn.Client;

/// <summary>The connections below a client that was not given others.</summary>
internal static class ClientSocket
{
    public static SocketsHttpHandler To(Uri url) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // A server that has moved to another address is found again; streams that are open stay as they are.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        // A proxy set for the whole machine cannot reach this machine's own loopback.
        UseProxy = !url.IsLoopback,
    };
}
