using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sojourn.Client;

/// <summary>What became of one of many sessions.</summary>
/// <param name="Id">The session.</param>
/// <param name="Ok">True if it was done.</param>
public sealed record ManyResult(string Id, bool Ok)
{
    /// <summary>The session's version after a command; 0 if it was removed, or there is a problem.</summary>
    public long Version { get; init; }

    /// <summary>The newest version that would survive a power cut.</summary>
    public long DurableVersion { get; init; }

    /// <summary>True if this had been done before, under the same idempotency key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The command's reply; null for commands that have none.</summary>
    public JsonElement? Reply { get; init; }

    /// <summary>Why it was not done; null if it was.</summary>
    public SojournProblem? Problem { get; init; }
}

/// <summary>Reads results, a line each, up to the line that says that these were all.</summary>
internal sealed class ManyResults(Stream body, Uri url)
{
    public async IAsyncEnumerable<ManyResult> ReadAsync([EnumeratorCancellation] CancellationToken giveUp)
    {
        using var lines = new StreamReader(body, leaveOpen: true);
        while (await NextAsync(lines, giveUp).ConfigureAwait(false) is { } line)
        {
            // An empty line only says that the server is still there.
            if (line.Length == 0)
                continue;
            if (Read(line) is not { } result)
                yield break;
            yield return result;
        }

        throw SojournConnectionException.From(new IOException("The answer has no end."), url);
    }

    private async Task<string?> NextAsync(StreamReader lines, CancellationToken giveUp)
    {
        try
        {
            return await lines.ReadLineAsync(giveUp).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or TimeoutException)
        {
            throw SojournConnectionException.From(broken, url);
        }
    }

    /// <summary>Null for the last line, which counts the others.</summary>
    private ManyResult? Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("done", out _)
                ? null : json.Deserialize<ManyResult>(ClientJson.Options);
        }
        catch (JsonException strange)
        {
            throw SojournConnectionException.NotSojourn(url, strange.Message, strange);
        }
    }
}
