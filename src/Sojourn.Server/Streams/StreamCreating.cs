using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Streams;

/// <summary>Begins streams, or finds that they are there as asked.</summary>
internal sealed class StreamCreating(
    SojournEngine engine, SojournServerOptions options, StreamForks forks, TimeProvider time)
{
    private const int Attempts = 10;

    public async ValueTask<HttpProblem?> CreateAsync(HttpContext context, string name, SessionKey key)
    {
        var request = context.Request;
        if (StreamCreation.Read(request, new(name, key), options.StreamsPath + "/", out var creation) is { } fault)
        {
            return fault;
        }

        if (creation.ExpiresAt <= time.GetUtcNow())
        {
            return HttpProblem.BadParameter(
                StreamHeaders.ExpiresAt, $"{StreamHeaders.ExpiresAt} has passed; give a time that is to come.");
        }

        var (body, tooLarge) = await StreamBody.ReadAsync(request, options.Streams.MaxAppendBytes);
        if (tooLarge is not null)
        {
            return tooLarge;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var there = await engine.GetAsync(key);
            if (there.IsAccepted && there.Reply.State is DurableStream stream
                && stream.PhaseAt(time.GetUtcNow()) != StreamPhase.Ended)
            {
                return AnswerExisting(context.Response, creation, stream);
            }

            if (there.Problem is { Type: not ProblemTypes.NotFound } problem)
            {
                return HttpProblem.Of(problem);
            }

            if (there.IsAccepted)
            {
                // Over, and about to be cleared away; or changed at this moment, and then looked at again.
                _ = await engine.RemoveAsync(key, there.Reply.Version);
            }

            var (made, no) = await BeginAsync(creation, body, context.RequestAborted);
            if (no is not null || made is not null)
            {
                return no ?? AnswerNew(context, made!);
            }
        }

        return new(ProblemTypes.Overloaded, "Others create and delete this stream at the same time. Try again.");
    }

    /// <returns>The stream; neither that nor a problem if another has begun there meanwhile.</returns>
    private async ValueTask<(DurableStream? Made, HttpProblem? Problem)> BeginAsync(
        StreamCreation creation, byte[] body, CancellationToken gone)
    {
        ForkPlan? plan = null;
        if (creation.Source is not null)
        {
            (plan, var problem) = await forks.PrepareAsync(creation, gone);
            if (plan is null)
            {
                return (null, problem);
            }
        }

        var type = creation.ContentType ?? plan?.Stream.ContentType ?? StreamCreation.DefaultType;
        var isJson = DurableStream.MediaTypeOf(type) == "application/json";
        var entries = StreamBody.Split(body, isJson, options.Streams.MaxMessages, out var bad);
        var answer = entries is null ? default : await engine.CreateAsync(
            StreamKind.KindName,
            Start(creation, plan, type) with
            {
                Entries = plan is { Prefix.Length: > 0 } ? [plan.Prefix, .. entries] : entries,
            },
            new CreateOptions { Owner = creation.Key.Owner, Id = creation.Key.Id },
            // A fork that its source has noted is finished, whether anybody waits for it or not.
            plan is null ? gone : CancellationToken.None);
        if (entries is not null && answer.IsAccepted)
        {
            var lost = plan is null ? null : await forks.ConfirmAsync(plan, creation.Key);
            return lost is null ? ((DurableStream)answer.Reply.State!, null) : (null, lost);
        }

        // After a commit that failed nobody knows whether the fork is there. A note too many does no harm: it is looked
        // at when the source is deleted.
        if (plan is not null && answer.Problem?.Type != ProblemTypes.StoreUnavailable)
        {
            await ForgetAsync(creation, plan);
        }

        return (null, bad ?? (answer.Problem!.Type == ProblemTypes.AlreadyExists
            ? null : HttpProblem.Of(answer.Problem)));
    }

    /// <summary>It came to nothing; unless another request has made that very fork.</summary>
    private async ValueTask ForgetAsync(StreamCreation creation, ForkPlan plan)
    {
        var there = await engine.GetAsync(creation.Key);
        var isFork = there.IsAccepted
            ? there.Reply.State is DurableStream fork && StreamForks.IsForkOf(fork, plan.Source, plan.Stream)
            // What cannot be read now is not gone.
            : there.Problem.Type != ProblemTypes.NotFound;
        if (!isFork)
        {
            await forks.ForgetAsync(plan, creation.Key.Id);
        }
    }

    private static CreateStream Start(StreamCreation creation, ForkPlan? plan, string type)
    {
        var inherits = plan is not null && creation.TtlSeconds is null && creation.ExpiresAt is null;
        return new CreateStream(creation.Name, type)
        {
            TtlSeconds = inherits ? plan!.Stream.TtlSeconds : creation.TtlSeconds,
            ExpiresAt = inherits ? plan!.Stream.ExpiresAt : creation.ExpiresAt,
            Closed = creation.Closed,
            Fork = plan?.Fork,
        };
    }

    private static HttpProblem? AnswerNew(HttpContext context, DurableStream stream)
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location =
            $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}{request.Path.ToUriComponent()}";
        return Describe(response, stream);
    }

    private HttpProblem? AnswerExisting(HttpResponse response, StreamCreation creation, DurableStream stream)
    {
        if (stream.PhaseAt(time.GetUtcNow()) == StreamPhase.Deleted)
        {
            return StreamForks.Conflict("stream-deleted", "A stream of this name was deleted and still has forks.");
        }

        return creation.Fits(stream)
            ? Describe(response, stream)
            : StreamForks.Conflict("stream-exists", "There is a stream of this name, and it is another.");
    }

    private static HttpProblem? Describe(HttpResponse response, DurableStream stream)
    {
        response.ContentType = stream.ContentType;
        response.Headers[StreamHeaders.NextOffset] = LogMap.Of(stream).OffsetOf(stream.Last).ToString();
        if (stream.IsClosed)
        {
            response.Headers[StreamHeaders.Closed] = "true";
        }

        return null;
    }
}
