using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Streams;

/// <summary>Appends to streams and closes them.</summary>
internal sealed class StreamAppending(SojournEngine engine, SojournServerOptions options)
{
    // What a number in JavaScript holds exactly.
    private const long MostSeq = (1L << 53) - 1;
    private const int LongestSeq = 256;

    public async ValueTask<HttpProblem?> AppendAsync(HttpContext context, SessionKey key)
    {
        var request = context.Request;
        if (!TryReadStamp(request.Headers, out var stamp, out var fault))
        {
            return fault;
        }

        var (body, tooLarge) = await StreamBody.ReadAsync(request, options.Streams.MaxAppendBytes);
        if (tooLarge is not null)
        {
            return tooLarge;
        }

        var closes = StreamHeaders.SaysClosed(request);
        if (body.Length == 0 && !closes)
        {
            return new(HttpProblemTypes.Malformed, "The body is empty; there is nothing to append.");
        }

        if (body.Length > 0 && string.IsNullOrWhiteSpace(request.ContentType))
        {
            return HttpProblem.BadParameter("Content-Type", "A body needs the Content-Type of the stream.");
        }

        var isJson = DurableStream.MediaTypeOf(request.ContentType ?? "") == "application/json";
        var entries = StreamBody.Split(body, isJson, options.Streams.MaxMessages, out var bad);
        if (entries is null || (body.Length > 0 && entries.Count == 0))
        {
            return bad ?? new(HttpProblemTypes.Malformed, "The array is empty; there is nothing to append.");
        }

        var seq = request.Headers[StreamHeaders.Seq];
        if (seq.ToString().Length > LongestSeq)
        {
            return HttpProblem.BadParameter(
                StreamHeaders.Seq, $"{StreamHeaders.Seq} is longer than {LongestSeq} characters.");
        }

        var append = new AppendToStream(entries)
        {
            ContentType = request.ContentType,
            Seq = seq.Count > 0 && body.Length > 0 ? seq.ToString() : null,
            Stamp = stamp,
            Close = closes,
        };
        var answer = await engine.SendAsync(key, append);
        return answer.IsAccepted
            ? Answer(context.Response, append, (AppendReply)answer.Reply!)
            : LogReader.Of(answer.Problem);
    }

    private static HttpProblem? Answer(HttpResponse response, AppendToStream append, AppendReply reply)
    {
        var stream = reply.Stream;
        var tail = LogMap.Of(stream).OffsetOf(stream.Last).ToString();
        switch (reply.Outcome)
        {
            case AppendOutcome.Appended or AppendOutcome.Duplicate:
                break;
            case AppendOutcome.Gone:
                return LogReader.NotFound();
            case AppendOutcome.Deleted:
                return LogReader.Deleted();
            case AppendOutcome.Closed:
                return StreamForks.Conflict("stream-closed", "The stream is closed; nothing follows.") with
                {
                    Headers = [(StreamHeaders.Closed, "true"), (StreamHeaders.NextOffset, tail)],
                };
            default:
                return Explain(append, reply);
        }

        var headers = response.Headers;
        headers[StreamHeaders.NextOffset] = tail;
        if (stream.IsClosed)
        {
            headers[StreamHeaders.Closed] = "true";
        }

        if (append.Stamp is { } stamp)
        {
            headers[StreamHeaders.ProducerEpoch] = StreamHeaders.Number(stamp.Epoch);
            headers[StreamHeaders.ProducerSeq] = StreamHeaders.Number(reply.Producer?.Seq ?? stamp.Seq);
        }

        var isNewFromProducer = reply.Outcome == AppendOutcome.Appended
            && append.Stamp is not null && append.Entries.Count > 0;
        response.StatusCode = isNewFromProducer ? StatusCodes.Status200OK : StatusCodes.Status204NoContent;
        return null;
    }

    private static HttpProblem Explain(AppendToStream append, AppendReply reply) => reply.Outcome switch
    {
        AppendOutcome.OtherType => StreamForks.Conflict("content-type", $"The stream is {reply.Stream.ContentType}."),
        AppendOutcome.SeqNotAbove => StreamForks.Conflict(
            "seq-not-above", $"{StreamHeaders.Seq} is not above the last that was given."),
        AppendOutcome.StaleEpoch => new(
            HttpProblemTypes.Forbidden, "The producer has begun a newer epoch; this one is over.")
        {
            Code = "stale-epoch",
            Headers = [(StreamHeaders.ProducerEpoch, StreamHeaders.Number(reply.Producer!.Epoch))],
        },
        AppendOutcome.EpochNotAtZero => HttpProblem.BadParameter(
            StreamHeaders.ProducerSeq, $"A new epoch begins with {StreamHeaders.ProducerSeq} 0."),
        AppendOutcome.Gap => StreamForks.Conflict("sequence-gap", "An append of this producer is missing before this.")
            with
        {
            Headers =
            [
                (StreamHeaders.ExpectedSeq, StreamHeaders.Number((reply.Producer?.Seq ?? -1) + 1)),
                (StreamHeaders.ReceivedSeq, StreamHeaders.Number(append.Stamp!.Seq)),
            ],
        },
        _ => new(ProblemTypes.Overloaded, "Too many producers are at work on this stream. Try again later.")
        {
            Code = "too-many-producers",
        },
    };

    private static bool TryReadStamp(IHeaderDictionary headers, out ProducerStamp? stamp, out HttpProblem? problem)
    {
        var (id, epoch, seq) = (headers[StreamHeaders.ProducerId], headers[StreamHeaders.ProducerEpoch],
            headers[StreamHeaders.ProducerSeq]);
        (stamp, problem) = (null, null);
        if (id.Count + epoch.Count + seq.Count == 0)
        {
            return true;
        }

        if (id.Count != 1 || epoch.Count != 1 || seq.Count != 1)
        {
            problem = HttpProblem.BadParameter(StreamHeaders.ProducerId,
                $"{StreamHeaders.ProducerId}, {StreamHeaders.ProducerEpoch} and {StreamHeaders.ProducerSeq} come "
                + "together, each once.");
            return false;
        }

        if (id.ToString().Length is 0 or > ProducerStamp.LongestId)
        {
            problem = HttpProblem.BadParameter(StreamHeaders.ProducerId,
                $"{StreamHeaders.ProducerId} is 1 to {ProducerStamp.LongestId} characters.");
            return false;
        }

        if (!TryReadNumber(epoch.ToString(), out var inEpoch) || !TryReadNumber(seq.ToString(), out var at))
        {
            problem = HttpProblem.BadParameter(StreamHeaders.ProducerSeq,
                $"{StreamHeaders.ProducerEpoch} and {StreamHeaders.ProducerSeq} are whole numbers up to {MostSeq}.");
            return false;
        }

        stamp = new ProducerStamp(id.ToString(), inEpoch, at);
        return true;
    }

    private static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MostSeq;
}
