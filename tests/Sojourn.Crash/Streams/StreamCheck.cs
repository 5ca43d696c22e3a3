using System.Net;

namespace Sojourn.Crash.Streams;

/// <summary>Reads whole streams and compares them with the ledger.</summary>
internal sealed class StreamCheck(HttpClient http)
{
    /// <summary>Compares a stream with all shares in it, while nobody appends.</summary>
    /// <returns>Its messages.</returns>
    public async Task<IReadOnlyList<Message>> CheckAsync(IReadOnlyCollection<Share> shares)
    {
        var stream = shares.First();
        var (messages, isClosed) = await ReadAsync(stream, mayBeAbsent: shares.All(share => !share.IsCreated));
        var found = shares.ToDictionary(share => share.Producer, _ => 0L, StringComparer.Ordinal);
        foreach (var (producer, number) in messages)
        {
            Promise.Expect(
                found.ContainsKey(producer), $"{stream.Stream} holds a message of {producer}, who sent it none");
            Promise.Expect(
                number == ++found[producer],
                $"{stream.Stream} holds {producer}'s message {number} where {found[producer]} was due");
        }

        foreach (var share in shares)
        {
            share.Check(found[share.Producer]);
            Promise.Expect(isClosed || !share.IsClosed, $"{stream.Stream} was closed and is open");
        }

        Promise.Expect(
            !isClosed || shares.Any(share => share.IsClosed || share.IsClosing),
            $"{stream.Stream} is closed, and nobody closed it");
        return messages;
    }

    private async Task<(List<Message> Messages, bool IsClosed)> ReadAsync(Share stream, bool mayBeAbsent)
    {
        var (messages, offset) = (new List<Message>(), "-1");
        while (true)
        {
            using var page = await http.GetAsync($"{stream.Path}?offset={offset}");
            if (page.StatusCode == HttpStatusCode.NotFound && mayBeAbsent)
            {
                return (messages, false);
            }

            Promise.Expect(
                page.IsSuccessStatusCode, $"{stream.Stream} was answered {(int)page.StatusCode} at {offset}");
            messages.AddRange(Messages.Read(stream.Type, await page.Content.ReadAsByteArrayAsync()));
            offset = page.Headers.GetValues("Stream-Next-Offset").Single();
            if (page.Headers.Contains("Stream-Up-To-Date"))
            {
                return (messages, page.Headers.Contains("Stream-Closed"));
            }
        }
    }
}
