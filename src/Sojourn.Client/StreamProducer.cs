using System.Net;

namespace Sojourn.Client;

/// <summary>
/// Appends to a stream, each append kept once and in order, however often it has to be sent. For one thread at a time.
/// </summary>
public sealed class StreamProducer
{
    private readonly StreamClient _stream;
    private readonly string _id;
    private readonly long _epoch;
    private long _seq;
    private (byte[] Bytes, string ContentType)? _unknown;

    internal StreamProducer(StreamClient stream, string id, long epoch)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        (_stream, _id, _epoch) = (stream, id, epoch);
    }

    /// <summary>
    /// Appends, and tries again for as long as the options say. If that was not long enough, nobody knows whether it
    /// was kept; the next append then sends it again first.
    /// </summary>
    /// <param name="bytes">What to append; in JSON mode a message, or an array of them.</param>
    /// <param name="contentType">The stream's.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournProblemException">
    /// <c>stale-epoch</c> if another with this id has begun; <c>epoch-used</c> if another has appended in this epoch
    /// before, or does now: then nothing of this one was kept.
    /// </exception>
    public async Task<StreamStanding> AppendAsync(
        ReadOnlyMemory<byte> bytes, string contentType, CancellationToken giveUp = default)
    {
        if (_unknown is { } before)
            await SendAsync(before.Bytes, before.ContentType, sendings: 1, giveUp).ConfigureAwait(false);
        // A copy: the caller may use its own for something else before it is sent again.
        return await SendAsync(bytes.ToArray(), contentType, sendings: 0, giveUp).ConfigureAwait(false);
    }

    /// <param name="bytes">What to append.</param>
    /// <param name="contentType">The stream's.</param>
    /// <param name="sendings">How often it was sent before.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    private async Task<StreamStanding> SendAsync(
        byte[] bytes, string contentType, int sendings, CancellationToken giveUp)
    {
        _unknown = (bytes, contentType);
        try
        {
            var standing = await _stream.AskAsync(
                () => Stamped(new Counted(bytes, () => sendings++), contentType), repeatable: true, giveUp)
                .ConfigureAwait(false);
            // What is sent for the first time cannot be there already, and nothing of this one comes after it.
            if (standing.IsRepeated && (sendings <= 1 || standing.Seq > _seq))
                throw EpochUsed();
            (_unknown, _seq) = (null, _seq + 1);
            return standing;
        }
        catch (SojournProblemException no) when (!no.Problem.Retryable && no.Problem.Status < 500)
        {
            // Refused: it was not kept, and its number is free.
            _unknown = null;
            throw;
        }
    }

    private HttpRequestMessage Stamped(HttpContent content, string contentType)
    {
        var post = _stream.Post(content, contentType, close: false);
        post.Headers.Add("Producer-Id", _id);
        post.Headers.Add("Producer-Epoch", StreamStanding.Number(_epoch));
        post.Headers.Add("Producer-Seq", StreamStanding.Number(_seq));
        return post;
    }

    private SojournProblemException EpochUsed() => new(
        new SojournProblem
        {
            Type = SojournProblem.Prefix + "refused",
            Title = "Refused",
            Code = "epoch-used",
            Detail = $"The producer '{_id}' has appended in epoch {_epoch} before; begin with a higher one. "
                + "Nothing was kept of what was sent now.",
        },
        retryAfter: null);

    /// <summary>Knows how often it is sent, also when the connection does so by itself.</summary>
    private sealed class Counted(byte[] bytes, Action onSending) : ByteArrayContent(bytes)
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            onSending();
            return base.SerializeToStreamAsync(stream, context);
        }
    }
}
