using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Sojourn.Server.Parties;

namespace Sojourn.Cli.Parties;

/// <summary>A server in this process, for the parties of one player and whoever is in the same network.</summary>
internal sealed class ServeLocal : IAsyncDisposable
{
    // An evening's party is there the next day, with everybody's address.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly WebApplication _server;
    private readonly TextWriter _error;
    private Task<bool>? _stopped;

    private ServeLocal(WebApplication server, Uri url, string key, TextWriter error) =>
        (_server, Url, Key, _error) = (server, url, key, error);

    /// <summary>Where this machine itself reaches it.</summary>
    public Uri Url { get; }

    /// <summary>Its owner's key, which does not leave this machine.</summary>
    public string Key { get; }

    /// <summary>Begins it; it answers on every address of this machine's, and those who look in the local network.
    /// </summary>
    /// <param name="directory">Where everything is kept; made if it is not there.</param>
    /// <param name="port">For HTTP, and from the same number on for UDP.</param>
    /// <param name="error">Where warnings go.</param>
    /// <param name="stop">Gives the start up.</param>
    /// <exception cref="UsageException">It cannot be so; the message says why.</exception>
    public static async Task<ServeLocal> OpenAsync(
        string directory, int port, TextWriter error, CancellationToken stop)
    {
        var options = new ServeOptions();
        options.Server.Parties.AnswersLan = true;
        options.Parties.SilentAfter = options.Parties.EmptyFor = Kept;
        // It is for parties alone: no page to log in at, and no programs to run for others.
        options.Server.ServesConsole = false;
        options.Agents.UseDefaultProfiles = false;
        var settings = new ServeSettings(
            Path.GetFullPath(directory), Text($"http://0.0.0.0:{port}"), ConfigFile: null)
        { UrlsOption = "--port" };
        try
        {
            var (server, key) = await ServerHost.OpenAsync(settings, options, telemetry: null, error, stop);
            return new ServeLocal(server, new Uri(Text($"http://127.0.0.1:{port}")), key.Key, error);
        }
        catch (UsageException taken) when (taken.InnerException?.InnerException
            is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            // The server's own advice is for its file of settings.
            var last = port + PartyServerOptions.Ports - 1;
            throw new UsageException(
                Text($"Another program has one of the UDP ports {port} to {last}, perhaps ")
                + "another `sojourn`. End it, or choose others with --port; whoever joins finds them all the same.",
                taken);
        }
    }

    /// <summary>Ends it in good order.</summary>
    /// <returns>True if everything is saved.</returns>
    public Task<bool> StopAsync() => _stopped ??= ServerHost.StopAsync(_server, _error);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _server.DisposeAsync();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
