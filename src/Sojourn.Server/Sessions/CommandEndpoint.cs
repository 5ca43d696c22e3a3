using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Play;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Sessions;

/// <summary>Sends a command to a session.</summary>
internal sealed class CommandEndpoint(
    SojournEngine engine, SojournServerOptions options, PlayStarts? plays = null)
{
    public async ValueTask<HttpProblem?> SendAsync(HttpContext context, Caller caller) =>
        await DecideAsync(context, caller) is { } problem ? problem with { IsOfCommand = true } : null;

    private async ValueTask<HttpProblem?> DecideAsync(HttpContext context, Caller caller)
    {
        if (Route.ReadSession(context, caller.Owner, engine, out var kind, out var key) is { } problem)
        {
            return problem;
        }

        var name = (string)context.Request.RouteValues["command"]!;
        if (Route.FindCommand(name, kind, out var command) is { } unknown)
        {
            return unknown;
        }

        var request = context.Request;
        if (!Preconditions.TryReadIfMatch(request, out var expected, out var fault)
            || !Preconditions.TryReadOperation(request, out var operation, out fault))
        {
            return fault;
        }

        var body = await RequestBody.ReadAsync(request, command.CommandType, options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var send = expected is null && operation is null
            ? null : new SendOptions { ExpectedVersion = expected, OperationId = operation };
        // Without the client's own token: once a command is on its way it is decided, whether or not anybody waits.
        var (answer, refusal) = await SendAsync(key, body.Value!, send);
        if (refusal is not null)
        {
            return HttpProblem.Of(refusal);
        }

        var events = answer.IsReplay && answer.LastEvent >= answer.FirstEvent
            ? await EventsOfAsync(key, answer)
            : answer.Events;
        await SendAsync(context.Response, answer, command, events);
        return null;
    }

    private async ValueTask<(Answer<object?> Answer, Problem? Refusal)> SendAsync(
        SessionKey key, object command, SendOptions? send)
    {
        if (plays is not null && PlayStarts.TakesUp(command))
        {
            return await plays.SendAsync(key, command, send);
        }

        var answer = await engine.SendAsync(key, command, send, CancellationToken.None);
        return (answer, answer.Problem);
    }

    /// <summary>Null if they can no longer be read; the command was decided all the same.</summary>
    private async ValueTask<IReadOnlyList<SessionEvent>?> EventsOfAsync(SessionKey key, Answer<object?> answer)
    {
        var count = (int)(answer.LastEvent - answer.FirstEvent + 1);
        try
        {
            var events = await engine.ReadEventsAsync(key, answer.FirstEvent - 1, count);
            return events.Count > 0 && events[0].Number == answer.FirstEvent ? events : null;
        }
        catch (SojournException)
        {
            // Removed meanwhile, or the store cannot be read now. What was acknowledged stays so.
            return null;
        }
    }

    private static ValueTask SendAsync(
        HttpResponse response, Answer<object?> answer, CommandDescription command, IReadOnlyList<SessionEvent>? events)
    {
        response.ContentType = "application/json";
        response.Headers.ETag = Preconditions.ETag(answer.Version);
        if (answer.IsReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        var buffer = JsonBuffer.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        if (command.ReplyType != typeof(Nothing))
        {
            json.WritePropertyName("reply"u8);
            JsonSerializer.Serialize(json, answer.Reply, command.ReplyType, SojournJson.Options);
        }

        json.WriteNumber("version"u8, answer.Version);
        json.WriteNumber("durableVersion"u8, answer.DurableVersion);
        json.WriteBoolean("replayed"u8, answer.IsReplay);
        if (events is not null)
        {
            json.WriteStartArray("events"u8);
            foreach (var happened in events)
            {
                json.WriteRawValue(happened.Json.Span, skipInputValidation: true);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        return buffer.SendAsync(response);
    }
}
