using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sojourn.Crash.Streams;

/// <summary>What a producer writes, and where.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Type">The stream's content type.</param>
/// <param name="Closes">True if it closes its streams after a while and begins others.</param>
internal sealed record Errand(string Stream, string Type, bool Closes = false);

/// <summary>
/// Appends numbered messages, one append after another. One that was not answered is sent again just as it was: with
/// the same id, epoch, number and body.
/// </summary>
internal sealed class Producer(string id, Errand errand, Random chance)
{
    private const int MostInClosing = 30;

    private Share _share = null!;
    private Append? _pending;
    private long _seq;
    private int _round;

    /// <summary>How often an append was sent again.</summary>
    public long AskedAgain { get; private set; }

    /// <summary>How many of those had been kept.</summary>
    public long FoundDone { get; private set; }

    /// <summary>Told of each share that it begins.</summary>
    public required Action<Share> Begins { get; init; }

    /// <summary>Told of each stream that is there from now on.</summary>
    public required Action<Share> HasCreated { get; init; }

    /// <summary>True if it does not know what became of its last append.</summary>
    public bool IsUncertain => _pending is not null;

    /// <summary>Appends once.</summary>
    /// <param name="http">To the server.</param>
    /// <param name="over">The server was killed: it is not waited for.</param>
    /// <returns>How many messages were acknowledged; less than none if there was no answer.</returns>
    public async Task<int> AppendAsync(HttpClient http, CancellationToken over)
    {
        if (_share is null or { IsClosed: true })
        {
            Begin();
        }

        try
        {
            if (!_share!.IsCreated)
            {
                await CreateAsync(http, over);
            }

            AskedAgain += _pending is null ? 0 : 1;
            _pending ??= Next();
            using var request = _pending.ToRequest(_share, id);
            using var answer = await http.SendAsync(request, over);
            await ExpectAsync(answer, request, HttpStatusCode.OK, HttpStatusCode.NoContent);
            return Note(_pending, isNew: answer.StatusCode == HttpStatusCode.OK);
        }
        catch (Exception lost) when (
            lost is HttpRequestException || (lost is OperationCanceledException && over.IsCancellationRequested))
        {
            // Killed before it answered: nobody knows.
            return -1;
        }
    }

    private void Begin()
    {
        _seq = 0;
        _share = new Share(errand.Closes ? $"{errand.Stream}/{++_round}" : errand.Stream, errand.Type, id);
        Begins(_share);
    }

    private async Task CreateAsync(HttpClient http, CancellationToken over)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, _share.Path) { Content = new ByteArrayContent([]) };
        put.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(errand.Type);
        using var answer = await http.SendAsync(put, over);
        await ExpectAsync(answer, put, HttpStatusCode.Created, HttpStatusCode.OK);
        _share.IsCreated = true;
        HasCreated(_share);
    }

    private Append Next()
    {
        var closes = errand.Closes && (_share.Acknowledged >= MostInClosing || chance.Next(MostInClosing) == 0);
        var count = closes && chance.Next(2) == 0 ? 0 : errand.Type == Messages.Json ? chance.Next(1, 4) : 1;
        var padding = chance.Next(20) == 0 ? chance.Next(2_000, 6_000) : chance.Next(40);
        var first = new Message(id, _share.Acknowledged + 1);
        (_share.Asked, _share.IsClosing) = (count, closes);
        return new(_seq, count == 0 ? [] : Messages.Write(errand.Type, first, count, padding), closes);
    }

    private int Note(Append done, bool isNew)
    {
        var count = _share.Asked;
        FoundDone += !isNew && count > 0 ? 1 : 0;
        _share.Acknowledged += count;
        (_share.Asked, _share.IsClosing, _share.IsClosed) = (0, false, done.Closes);
        (_pending, _seq) = (null, _seq + 1);
        return count;
    }

    private async Task ExpectAsync(
        HttpResponseMessage answer, HttpRequestMessage request, params HttpStatusCode[] expected) => Promise.Expect(
            expected.Contains(answer.StatusCode),
            $"{id} was answered {(int)answer.StatusCode} to {request.Method} {request.RequestUri}: "
            + await answer.Content.ReadAsStringAsync());

    private sealed record Append(long Seq, byte[] Body, bool Closes)
    {
        public HttpRequestMessage ToRequest(Share share, string id)
        {
            var post = new HttpRequestMessage(HttpMethod.Post, share.Path) { Content = new ByteArrayContent(Body) };
            post.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(share.Type);
            post.Headers.Add("Producer-Id", id);
            post.Headers.Add("Producer-Epoch", "0");
            post.Headers.Add("Producer-Seq", Seq.ToString(CultureInfo.InvariantCulture));
            if (Closes)
            {
                post.Headers.Add("Stream-Closed", "true");
            }

            return post;
        }
    }
}
