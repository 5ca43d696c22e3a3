using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Streams;

/// <summary>Answers those who read a log, whichever it is: at once, when there is more, or as it comes.</summary>
internal sealed class StreamReading(
    SojournEngine engine, LogReader reader, SojournServerOptions options, TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    /// <summary>Describes a log without reading it, or reads it.</summary>
    public async ValueTask<HttpProblem?> AnswerAsync(HttpContext context, Caller caller, LogAddress address)
    {
        StreamHeaders.Protect(context.Response);
        var (state, problem) = await reader.FindAsync(address, context.RequestAborted);
        if (state is null)
        {
            return problem;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            StreamAnswers.Describe(context.Response, state);
            return null;
        }

        if (!StreamQuery.TryRead(context.Request, out var query, out var fault)
            || query.Find(state, out var after) is { } misplaced && (fault = misplaced) is not null)
        {
            return fault;
        }

        await reader.RenewAsync(address, state);
        var place = new LogPlace(address, state.Map, after);
        return query.Live switch
        {
            StreamQuery.Sse => await FollowAsync(context, caller, place, query),
            StreamQuery.LongPoll => await AwaitAsync(context, caller, place, query),
            _ => await SendAsync(context, caller, place, query),
        };
    }

    private async ValueTask<HttpProblem?> SendAsync(
        HttpContext context, Caller caller, LogPlace place, StreamQuery query)
    {
        var (slice, problem) = await reader.ReadAsync(place, null, context.RequestAborted);
        if (slice is not null)
        {
            // Since the end was found something may have come, and whoever asked for the end is not to be given it.
            slice = query.Offset == StreamQuery.Now
                ? new LogSlice(slice.State with { Last = slice.After }, slice.After, [])
                : slice;
            // One piece never waits for a reader; more than that may last.
            using var answer = slice.Bytes > AnswerPieces.Piece / 2
                ? new LastingAnswer(context, caller, time, lifetime) : null;
            var pieces = new AnswerPieces(context, time, answer?.Stop.Token ?? context.RequestAborted);
            await StreamAnswers.SendAsync(context, slice, query, Cursor(query), pieces);
        }

        return problem;
    }

    private async ValueTask<HttpProblem?> AwaitAsync(
        HttpContext context, Caller caller, LogPlace place, StreamQuery query)
    {
        using var answer = new LastingAnswer(context, caller, time, lifetime);
        using var enough = new CancellationTokenSource(query.WaitOr(options.LongPollTimeout), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(answer.Stop.Token, enough.Token);
        using var follower = await engine.FollowStreamAsync(place.Address.Session, place.Address.Stream);
        while (true)
        {
            var (slice, problem) = await reader.ReadAsync(place, follower, answer.Stop.Token);
            if (slice is null)
            {
                return problem;
            }

            if (slice.Items.Count > 0)
            {
                var pieces = new AnswerPieces(context, time, answer.Stop.Token);
                await StreamAnswers.SendAsync(context, slice, query, Cursor(query), pieces);
                return null;
            }

            if (slice.IsEnd || !await ChangesAsync(follower, place.Address, slice, either.Token))
            {
                answer.Stop.Token.ThrowIfCancellationRequested();
                await reader.RenewAsync(place.Address, slice.State);
                StreamAnswers.SendNothing(context.Response, slice, Cursor(query));
                return null;
            }
        }
    }

    private async ValueTask<bool> ChangesAsync(
        StreamFollower follower, LogAddress address, LogSlice slice, CancellationToken enough)
    {
        while (true)
        {
            using var pause = new CancellationTokenSource(
                LogReader.PauseOf(slice.State, options.LongPollTimeout), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, pause.Token);
            try
            {
                await follower.WaitAsync(slice.State.Page, either.Token);
                return true;
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                // Long enough without news: that is an answer too.
                return false;
            }
            catch (OperationCanceledException) when (pause.IsCancellationRequested)
            {
                await reader.RenewAsync(address, slice.State);
            }
        }
    }

    private async ValueTask<HttpProblem?> FollowAsync(
        HttpContext context, Caller caller, LogPlace place, StreamQuery query)
    {
        using var answer = new LastingAnswer(context, caller, time, lifetime);
        using var enough = new CancellationTokenSource(options.SseLifetime, time);
        using var follower = await engine.FollowStreamAsync(place.Address.Session, place.Address.Stream);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            answer.Stop.Token, enough.Token, follower.Stopping);
        var (slice, problem) = await reader.ReadAsync(place, follower, either.Token);
        if (slice is null)
        {
            return problem;
        }

        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // Proxies that understand it are asked not to hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        if (slice.State.Form == LogForm.Bytes)
        {
            response.Headers[StreamHeaders.DataEncoding] = "base64";
        }

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // A stream that ends without use is looked at more often than the connection.
        var pause = LogReader.PauseOf(slice.State, options.Heartbeat);
        using var pauses = new PeriodicTimer(pause, time);
        try
        {
            var pieces = new AnswerPieces(context, time, either.Token);
            await new SseFollowing(reader, follower, pieces, () => Cursor(query))
                .RunAsync(slice, place.Address, (pauses, (int)(options.Heartbeat / pause)), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client has left, the server stops, or it is time to come again: the answer just ends.
        }

        return null;
    }

    private string Cursor(StreamQuery query) => StreamCursor.Next(query.Cursor, time.GetUtcNow());
}
