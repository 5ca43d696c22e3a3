using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Sessions;

/// <summary>
/// Keeps a list of sessions up to date: tells of each that changed as it is now, a few times a second at most. Nothing
/// is told of what was before; whoever comes back lists anew.
/// </summary>
internal sealed class ChangesEndpoint(
    SojournEngine engine, SessionFeed feed, SojournServerOptions options, TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    /// <summary>The shortest time between two rounds.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    public async ValueTask<HttpProblem?> FollowAsync(HttpContext context, Caller caller)
    {
        if (!Query.TryRead(context.Request, "kind", out var kind, out var fault)
            || (kind is not null && (fault = Requests.Route.FindKind(kind, engine, out _)) is not null)
            || !Query.TryRead(context.Request, "id", out var name, out fault))
        {
            return fault;
        }

        if (!SessionId.TryParse(name, out var id) && name is not null)
        {
            return Requests.Route.BadId();
        }

        var response = context.Response;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            SetHead(response);
            return null;
        }

        // Before the head of the answer is sent: whoever has it misses nothing, and may list.
        var listener = feed.TryOpen(
            caller.Asking ?? caller.Owner, kind, caller.Listed, name is null ? default(SessionId?) : id);
        if (listener is null)
        {
            return new(ProblemTypes.TooManyWatchers,
                $"{SessionFeed.MostOfOwner} lists are followed with your keys, as many as may be. End another first.");
        }

        SetHead(response);
        using var answer = new LastingAnswer(context, caller, time, lifetime);
        try
        {
            await RunAsync(response.BodyWriter, listener, answer.Stop.Token);
        }
        catch (OperationCanceledException) when (answer.Stop.IsCancellationRequested)
        {
            // The client has left, or the server stops; either way the stream just ends.
        }
        finally
        {
            await feed.CloseAsync(listener);
        }

        return null;
    }

    private static void SetHead(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private async Task RunAsync(PipeWriter output, ChangeListener listener, CancellationToken stop)
    {
        do
        {
            var (changes, missed) = listener.Take();
            if (changes.Count == 0 && missed == 0)
            {
                output.Write(":\n\n"u8);
            }

            foreach (var change in changes)
            {
                Write(output, change, await ViewAsync(change));
            }

            if (missed > 0)
            {
                output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                    $"event: sessions-missed\ndata: {{\"missed\":{missed}}}\n\n")));
            }

            if ((await output.FlushAsync(stop)).IsCompleted)
            {
                return;
            }

            await Task.Delay(Pace, time, stop);
            // Silent for as long as that, or with something to tell.
            await listener.Arrived.WaitAsync(options.Heartbeat, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stop.IsCancellationRequested);
    }

    // A session that was restored in the store is not in memory yet, and so nobody has looked at it.
    private async ValueTask<SessionView?> ViewAsync(SessionHappening change) => change.What switch
    {
        Happening.Removed or Happening.Expired or Happening.Evicted or Happening.Damaged => null,
        _ => change.View ?? (await engine.GetAsync(change.Session)) switch
        {
            { IsAccepted: true, Reply: var view } => view,
            // Gone or damaged again: that is told next.
            _ => null,
        },
    };

    private static void Write(PipeWriter output, SessionHappening change, SessionView? view)
    {
        var buffer = JsonBuffer.Rent();
        switch (change.What)
        {
            case Happening.Removed or Happening.Expired or Happening.Evicted:
                WriteName(buffer.Json, change.Session, change.What.ToString().ToLowerInvariant());
                output.Write("event: session-removed\ndata: "u8);
                break;
            case Happening.Damaged:
                WriteName(buffer.Json, change.Session, reason: null);
                output.Write("event: session-damaged\ndata: "u8);
                break;
            default:
                if (view is null)
                {
                    return;
                }

                SessionJson.Write(buffer.Json, view, kind: null);
                output.Write("event: session\ndata: "u8);
                break;
        }

        output.Write(buffer.ToArray());
        output.Write("\n\n"u8);
    }

    private static void WriteName(Utf8JsonWriter json, SessionKey session, string? reason)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, session.Id.ToString());
        json.WriteString("kind"u8, session.Kind);
        json.WriteString("owner"u8, session.Owner.ToString());
        if (reason is not null)
        {
            json.WriteString("reason"u8, reason);
        }

        json.WriteEndObject();
    }
}
