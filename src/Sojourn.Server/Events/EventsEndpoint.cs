using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Events;

/// <summary>Reads a session's event log: a page of it, or a stream that stays open.</summary>
internal sealed class EventsEndpoint(
    SojournEngine engine, SojournServerOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int MostEvents = 1_000;
    private const string EventStream = "text/event-stream";

    public async ValueTask<HttpProblem?> ReadAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        if (!TryReadAfter(context.Request, out var wanted, out var fault)
            || !Query.TryReadLimit(context.Request, MostEvents, out var limit, out fault))
        {
            return fault;
        }

        var answer = await engine.GetAsync(key);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        var view = answer.Reply;
        var after = wanted.In(view);
        if (WantsStream(context.Request) && HttpMethods.IsHead(context.Request.Method))
        {
            // Nothing would ever come.
            context.Response.ContentType = EventStream;
        }
        else if (WantsStream(context.Request))
        {
            return await FollowAsync(context, caller, new(key, kind, after));
        }
        else
        {
            var events = await engine.ReadEventsAsync(key, after, limit, context.RequestAborted);
            await SendPageAsync(context.Response, new EventPage(view, after, events), kind);
        }

        return null;
    }

    private async ValueTask<HttpProblem?> FollowAsync(HttpContext context, Caller caller, Wish wish)
    {
        using var answer = new LastingAnswer(context, caller, time, lifetime);
        var stop = answer.Stop;
        await using var news = engine.WatchAsync(wish.Key, wish.After, stop.Token)
            .GetAsyncEnumerator(CancellationToken.None);

        // The first news, or that there is none yet; a session with too many watchers says so before anything is sent.
        var next = news.MoveNextAsync().AsTask();
        if (next.IsCompleted && !await next)
        {
            // Only a stop, or the key's end, comes before anything was told: the removal of a session is news.
            return HttpProblem.Stopping;
        }

        var response = context.Response;
        response.ContentType = EventStream;
        // Proxies that understand it are asked not to hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stream = new EventStreamWriter(response.BodyWriter, wish.Kind);
        using var beats = new PeriodicTimer(options.Heartbeat, time);
        await new Following(news, next, stream, beats).RunAsync(stop);
        return null;
    }

    private static ValueTask SendPageAsync(HttpResponse response, EventPage page, KindDescription kind)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartArray("events"u8);
        foreach (var happened in page.Events)
        {
            json.WriteRawValue(happened.Json.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        if (page.IsBroken)
        {
            json.WritePropertyName("snapshot"u8);
            SessionJson.Write(json, page.View, kind);
        }

        json.WriteString("next"u8, new EventOffset(page.View.CreatedAt, page.Next).ToString());
        json.WriteBoolean("upToDate"u8, page.Next >= page.View.LastEvent);
        json.WriteEndObject();
        return buffer.SendAsync(response);
    }

    private static bool TryReadAfter(HttpRequest request, out Wanted after, out HttpProblem? problem)
    {
        after = default;
        var last = request.Headers["Last-Event-ID"];
        var name = last.Count > 0 && last.ToString().Length > 0 ? "Last-Event-ID" : "offset";
        var text = last.ToString();
        if (name == "offset" && !Query.TryRead(request, name, out text, out problem))
        {
            return false;
        }

        problem = null;
        switch (text)
        {
            case null or "-1":
                return true;
            case "now":
                after = new(IsNow: true);
                return true;
            default:
                if (Wanted.TryParse(text, out after))
                {
                    return true;
                }

                problem = HttpProblem.BadParameter(
                    name, $"{name} must be the offset of an event, or its number, -1 for the beginning, or now.");
                return false;
        }
    }

    private static bool WantsStream(HttpRequest request)
    {
        foreach (var accepted in request.Headers.Accept)
        {
            if (accepted is not null && accepted.Contains(EventStream, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the reader wants to go on.</summary>
    /// <param name="IsNow">True for after the newest event.</param>
    /// <param name="Life">The life of the last event that was seen; null for whichever there is.</param>
    /// <param name="Number">The number of that event.</param>
    private readonly record struct Wanted(bool IsNow, DateTimeOffset? Life = null, long Number = 0)
    {
        /// <summary>An offset, or 1 to 16 digits: a number alone, as older events have it.</summary>
        public static bool TryParse(string text, out Wanted wanted)
        {
            var isOffset = EventOffset.TryParse(text, out var offset);
            var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            wanted = isOffset ? new(false, offset.Life, offset.Number) : new(false, null, number);
            return isOffset || (isNumber && text.Length <= 16);
        }

        public EventOffset In(SessionView view) =>
            IsNow ? EventOffset.LastOf(view) : new(Life ?? view.CreatedAt, Number);
    }

    /// <summary>Which events are to be followed.</summary>
    private readonly record struct Wish(SessionKey Key, KindDescription Kind, EventOffset After);

    /// <summary>What lies after an offset; or, if a part of that is gone, nothing, and the session instead.</summary>
    private readonly record struct EventPage(SessionView View, EventOffset After, IReadOnlyList<SessionEvent> Found)
    {
        public bool IsBroken => Found.Count > 0
            ? Found[0].Number != After.Number + 1
            : After != EventOffset.LastOf(View);

        public IReadOnlyList<SessionEvent> Events => IsBroken ? [] : Found;

        public long Next => Events.Count > 0 ? Events[^1].Number : View.LastEvent;
    }
}
