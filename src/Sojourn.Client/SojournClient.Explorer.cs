using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Sojourn.Client.Explorer;

namespace Sojourn.Client;

public sealed partial class SojournClient
{
    /// <summary>A game of Cosmic Explorer by its id; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">An id that no server could accept.</exception>
    public ExplorerGame Explorer(string id)
    {
        _ = Address.Session(ExplorerGame.Kind, id);
        return new ExplorerGame(this, id);
    }

    /// <summary>Reads what is shown of a session, and of which version it is.</summary>
    internal async Task<(T Answer, long Version)> ReadVersionedAsync<T>(string path, CancellationToken giveUp)
    {
        using var response = await SendAsync(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<T>(ClientJson.Options, giveUp).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
            return long.TryParse(
                response.Headers.ETag?.Tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? (answer, version)
                : throw new JsonException("The answer has no version.");
        }
        catch (JsonException strange)
        {
            throw NotSojourn(strange);
        }
    }

    internal async Task DeleteAsync(string path, CancellationToken giveUp)
    {
        using var response = await SendAsync(new Outgoing(HttpMethod.Delete, path), giveUp).ConfigureAwait(false);
    }

    internal T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException strange)
        {
            throw NotSojourn(strange);
        }
    }
}
