using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
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
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return null;
        }

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var answer = new LastingAnswer(context, caller, time, lifetime);
        // Before the head of the answer is sent: whoever has it misses nothing, and may list.
        var listener = feed.Open(kind, caller.Listed, name is null ? default(SessionId?) : id);
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
                Write(output, change);
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

    private static void Write(PipeWriter output, SessionHappening change)
    {
        var reason = change.What switch
        {
            Happening.Removed => "removed",
            Happening.Expired => "expired",
            Happening.Evicted => "evicted",
            _ => null,
        };
        if (change.View is null || reason is not null)
        {
            WriteEnd(output, change.Session, reason ?? "damaged");
            return;
        }

        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, change.View, kind: null);
        output.Write("event: session\ndata: "u8);
        output.Write(buffer.ToArray());
        output.Write("\n\n"u8);
    }

    private static void WriteEnd(PipeWriter output, SessionKey session, string reason)
    {
        var buffer = JsonBuffer.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("id"u8, session.Id.ToString());
        buffer.Json.WriteString("kind"u8, session.Kind);
        buffer.Json.WriteString("owner"u8, session.Owner.ToString());
        buffer.Json.WriteString("reason"u8, reason);
        buffer.Json.WriteEndObject();
        output.Write(reason == "damaged" ? "event: session-damaged\ndata: "u8 : "event: session-removed\ndata: "u8);
        output.Write(buffer.ToArray());
        output.Write("\n\n"u8);
    }
}
