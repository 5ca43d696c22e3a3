using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sojourn.Parties;

namespace Sojourn.Client.Parties;

/// <summary>Tells a server how a relay does that is not the server's own. May be used from any thread.</summary>
public sealed class RelayReports : IDisposable
{
    private readonly HttpClient _http;
    private readonly Exchange _exchange;
    private readonly string _path;

    /// <summary>For one relay.</summary>
    /// <param name="options">The server; its key is not used.</param>
    /// <param name="name">What the relay is called.</param>
    /// <param name="key">What the server told for that name: 32 bytes.</param>
    public RelayReports(SojournClientOptions options, string name, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(nameof(options));
        _path = $"v1/party-relays/{Uri.EscapeDataString(name)}";
        _http = PartySeat.OpenHttp(options);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", Convert.ToHexStringLower(HMACSHA256.HashData(key, "report"u8)));
        _exchange = new Exchange(_http, options.Copy());
    }

    /// <summary>Tells it.</summary>
    /// <exception cref="SojournProblemException">The server says no.</exception>
    /// <exception cref="SojournConnectionException">There is no whole answer.</exception>
    public async Task TellAsync(RelayReport report, CancellationToken giveUp = default)
    {
        using var response = await _exchange.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, _path)
            {
                Content = new StringContent(
                    JsonSerializer.Serialize(report, SeatJson.Options), Encoding.UTF8, "application/json"),
            },
            repeatable: false, giveUp).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
