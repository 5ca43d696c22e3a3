using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Cli;

/// <summary>Where the server is to listen.</summary>
internal static class ServeAddresses
{
    /// <summary>Splits and checks what <c>--urls</c> says.</summary>
    /// <exception cref="UsageException">One of them is no address to listen on.</exception>
    public static IReadOnlyList<string> Parse(string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return addresses.Length > 0
            ? [.. addresses.Select(Checked)]
            : throw new UsageException(
                "--urls: there is no address to listen on; give one such as http://127.0.0.1:7707.");
    }

    /// <summary>True if only this machine reaches it.</summary>
    public static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>Where a browser on this machine finds it: "all addresses" is none that one can go to.</summary>
    public static string Reachable(string address)
    {
        var parts = BindingAddress.Parse(address);
        var isEverywhere = parts.Host is "*" or "+"
            || (IPAddress.TryParse(parts.Host.Trim('[', ']'), out var ip)
                && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return $"{parts.Scheme}://{(isEverywhere ? "127.0.0.1" : parts.Host)}:{parts.Port}";
    }

    private static string Checked(string address)
    {
        if (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"--urls: '{address}': the server speaks plain HTTP. Listen on http:// and put a proxy before it that "
                + "speaks HTTPS.");
        }

        return address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && IsWhole(address)
            ? address
            : throw new UsageException(
                $"--urls: '{address}' is no address to listen on, such as http://127.0.0.1:7707.");
    }

    private static bool IsWhole(string address)
    {
        try
        {
            var parts = BindingAddress.Parse(address);
            // The web server takes any unknown name for "all addresses", which is not what the name says.
            return parts.Port is >= 0 and <= 65535 && parts.PathBase.Length == 0
                && (parts.Host is "*" or "+" or "localhost" || IPAddress.TryParse(parts.Host.Trim('[', ']'), out _));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
