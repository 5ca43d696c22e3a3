using System.Net.WebSockets;
using System.Text.Json;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Sockets;

namespace Sojourn.Server.Agents;

/// <summary>What a client is attached to.</summary>
internal sealed record AttachedSession(
    SessionKey Key, AgentHost Host, AgentScreens Screens, AttachedNames Names, TimeProvider Time);

/// <summary>
/// One client on one agent. What it has not acknowledged is bounded: beyond that nothing is read for it, and when it
/// comes back it gets a picture or the session instead of all that it missed. So it slows nobody, and costs no memory.
/// </summary>
internal sealed class AttachedClient(
    SojournEngine engine, AttachedSession session, FrameSocket socket, StreamFollower events, StreamFollower output)
{
    private const byte OutputFrame = 1, ScreenFrame = 2;
    private const int MostUnackedBytes = 512 << 10, MostUnackedEvents = 2000;
    private const long FarBehindOutput = 64, FarBehindEvents = 5000, FirstEvents = 500;
    private const int LongestName = 40;

    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(10);

    private static readonly StreamLimits Portion = new(256, 256 << 10);

    private readonly SentOutput _unacked = new();
    private TaskCompletionSource _acked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _name;
    private long _eventsAcked, _eventsSent, _outputSent;
    private int _runShown;
    private DateTimeOffset _life;

    /// <summary>Completes when the client has left, the session is gone, or the server stops.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, events.Stopping);
        try
        {
            await socket.CloseAsync(await HelloAsync(over.Token) ?? await AttendAsync(over));
        }
        catch (OperationCanceledException)
        {
            await socket.CloseAsync(
                new((WebSocketCloseStatus)1012, "The server stops, or the key has ended. Come back."));
        }
        catch (Exception failure) when (failure is WebSocketException or IOException)
        {
            // The connection broke; the client comes back with what it has.
        }
        catch
        {
            await socket.CloseAsync(new(WebSocketCloseStatus.InternalServerError, "The server failed. Come back."));
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await GiveUpSizeAsync();
        }
    }

    /// <summary>When one ends so do the others, before anything that they use is disposed of.</summary>
    private async Task<Goodbye> AttendAsync(CancellationTokenSource over)
    {
        var keys = new AttachedKeys(socket, _name, () => session.Host.Live.Find(session.Key)?.Terminal);
        var sending = SendAllAsync(over.Token);
        var receiving = ReceiveAllAsync(keys, over.Token);
        var typing = keys.TypeAllAsync(over.Token);
        var first = await Task.WhenAny(sending, receiving, typing);
        await over.CancelAsync();
        socket.EndSoon();
        await Task.WhenAll(sending, receiving, typing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        return await (first == receiving ? receiving : sending);
    }

    /// <returns>Why it is not attached; null if it is.</returns>
    private async Task<Goodbye?> HelloAsync(CancellationToken stop)
    {
        if (await FirstAsync(stop) is not { IsBinary: false } first || Read<Hello>(first) is not { } hello
            || hello.Type != "hello" || hello.Client is { Length: 0 or > LongestName })
        {
            return new(WebSocketCloseStatus.PolicyViolation,
                "The first frame must be {\"type\":\"hello\",\"client\":\"your name\"}, within 10 s.");
        }

        _name = hello.Client;
        session.Names.Enter(session.Key, _name);
        var view = (await engine.GetAsync<Agent>(session.Key.Id, session.Key.Owner)).Reply;
        _life = view.CreatedAt;
        var isKnown = EventOffset.TryParse(hello.Events, out var seen) && seen.Life == view.CreatedAt
            && seen.Number <= view.LastEvent && view.LastEvent - seen.Number <= FarBehindEvents;
        _eventsSent = _eventsAcked = isKnown ? seen.Number : Math.Max(0, view.LastEvent - FirstEvents);
        await WelcomeAsync(view, "welcome", isWhole: isKnown || _eventsSent == 0, stop);
        if (view.State.Protocol == AgentProtocol.Terminal)
        {
            // On what an earlier program drew nothing is drawn.
            var isOfRun = view.State.Run == 1 || hello.Output > view.State.Screen?.Output;
            _outputSent = isKnown && isOfRun && hello.Output is { } entry && entry <= view.State.OutputEntries
                && view.State.OutputEntries - entry <= FarBehindOutput ? entry : -1;
            _runShown = RunShown(view.State);
        }

        return null;
    }

    /// <returns>The first frame; null if none comes in time.</returns>
    private async Task<ClientFrame?> FirstAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(HelloWithin, session.Time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return await socket.ReceiveAsync(enough.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Which run's program drew what is on the screen; a new one's screen is empty once it is ready.</summary>
    private static int RunShown(Agent agent) => agent.Status == AgentStatus.Starting ? agent.Run - 1 : agent.Run;

    /// <summary>Sends the log and what the terminal draws, as the client takes it.</summary>
    private async Task<Goodbye> SendAllAsync(CancellationToken stop)
    {
        while (true)
        {
            var acked = Volatile.Read(ref _acked).Task;
            if (await events.ReadAsync(_eventsSent, Portion, stop) is not { } page)
            {
                await socket.SendAsync(json => json.WriteString("type"u8, "gone"u8), stop);
                return new(WebSocketCloseStatus.NormalClosure, "The session is gone.");
            }

            var isFull = Volatile.Read(ref _eventsSent) - Volatile.Read(ref _eventsAcked) > MostUnackedEvents;
            var hasSent = !isFull && await SendEventsAsync(page, stop);
            // What is drawn after a new size comes after the event that tells of it.
            var hasDrawn = _eventsSent >= page.Last && await SendOutputAsync(page, stop);
            if (!hasSent && !hasDrawn)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(acked, events.WaitAsync(page, enough.Token));
                await enough.CancelAsync();
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<bool> SendEventsAsync(StreamPage page, CancellationToken stop)
    {
        if (page.First > _eventsSent + 1 || page.Last - _eventsSent > FarBehindEvents)
        {
            // So far behind that the session as it stands is more use than all that led there.
            var view = (await engine.GetAsync<Agent>(session.Key.Id, session.Key.Owner)).Reply;
            _eventsSent = Math.Max(_eventsSent, Math.Max(page.First - 1, view.LastEvent - FirstEvents));
            Volatile.Write(ref _eventsAcked, _eventsSent);
            await WelcomeAsync(view, "skipped", isWhole: false, stop);
            return true;
        }

        foreach (var item in page.Items)
        {
            await socket.SendAsync(json =>
            {
                json.WriteString("type"u8, "event"u8);
                json.WritePropertyName("event"u8);
                json.WriteRawValue(item.Bytes.Span, skipInputValidation: true);
            }, stop);
            _eventsSent = item.Number;
        }

        return page.Items.Count > 0;
    }

    private async Task<bool> SendOutputAsync(StreamPage seen, CancellationToken stop)
    {
        if (seen.Session.State is not Agent { Protocol: AgentProtocol.Terminal } agent)
        {
            return false;
        }

        var isAnew = _outputSent < 0 || RunShown(agent) != _runShown;
        if (!isAnew && (_unacked.Bytes > MostUnackedBytes || agent.OutputEntries <= _outputSent))
        {
            return false;
        }

        if (isAnew || agent.OutputEntries - _outputSent > FarBehindOutput)
        {
            await SendScreenAsync(stop);
            return true;
        }

        if (await output.ReadAsync(_outputSent, Portion, stop) is not { } page)
        {
            return false;
        }

        if (page.First > _outputSent + 1)
        {
            await SendScreenAsync(stop);
            return true;
        }

        var sent = _outputSent;
        foreach (var item in page.Items.TakeWhile(item => item.Number <= agent.OutputEntries))
        {
            await socket.SendAsync(OutputFrame, item.Number, item.Bytes, stop);
            _unacked.Add(item.Number, item.Bytes.Length);
            _outputSent = item.Number;
        }

        return _outputSent > sent;
    }

    private async Task SendScreenAsync(CancellationToken stop)
    {
        var view = (await engine.GetAsync<Agent>(session.Key.Id, session.Key.Owner)).Reply;
        var picture = await session.Screens.PictureAsync(view, stop);
        await socket.SendAsync(json =>
        {
            json.WriteString("type"u8, "screen"u8);
            json.WriteNumber("output"u8, picture.Output);
            json.WriteNumber("columns"u8, picture.Size.Columns);
            json.WriteNumber("rows"u8, picture.Size.Rows);
        }, stop);
        await socket.SendAsync(ScreenFrame, picture.Output, picture.Bytes, stop);
        _unacked.Add(picture.Output, picture.Bytes.Length);
        _outputSent = picture.Output;
        _runShown = RunShown(view.State);
    }

    private async Task<Goodbye> ReceiveAllAsync(AttachedKeys keys, CancellationToken stop)
    {
        while (await socket.ReceiveAsync(stop) is { } frame)
        {
            if (frame.IsBinary)
            {
                await keys.TakeAsync(frame.Bytes, stop);
            }
            else if (Read<ClientMessage>(frame) is not { } message)
            {
                return new(WebSocketCloseStatus.InvalidPayloadData, "A frame is not JSON as it must be.");
            }
            else if (message.Type == "ack")
            {
                Acknowledge(message);
            }
            else if (message.Type == "command")
            {
                await CommandAsync(message, stop);
            }
        }

        return socket.End;
    }

    private void Acknowledge(ClientMessage message)
    {
        if (EventOffset.TryParse(message.Events, out var seen) && seen.Life == _life)
        {
            Volatile.Write(ref _eventsAcked, Math.Max(Volatile.Read(ref _eventsAcked), seen.Number));
        }

        if (message.Output is { } entry)
        {
            _unacked.Acknowledge(entry);
        }

        Interlocked.Exchange(ref _acked, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task CommandAsync(ClientMessage message, CancellationToken stop)
    {
        var kind = engine.Kinds[AgentKind.KindName];
        HttpProblem? problem = null;
        Answer<object?>? answer = null;
        if (!kind.Commands.TryGetValue(message.Name ?? "", out var command))
        {
            problem = new(ProblemTypes.UnknownCommand, "The kind 'agent' has no such command.");
        }
        else if (message.Id is { } id && !Preconditions.IsOperation(id))
        {
            problem = HttpProblem.BadParameter(
                "id", $"'id' must be 1 to {Preconditions.LongestIdempotencyKey} printable ASCII characters.");
        }
        else if (RequestBody.Read(message.Parameters, command.CommandType) is var read && read.Problem is { } fault)
        {
            problem = fault;
        }
        else
        {
            var given = await engine.SendAsync(
                session.Key, read.Value!, new SendOptions { OperationId = message.Id }, CancellationToken.None);
            (answer, problem) = (given, given.IsAccepted ? null : HttpProblem.Of(given.Problem));
        }

        await socket.SendAsync(json => WriteReply(json, message.Id, command, answer, problem), stop);
    }

    private static void WriteReply(
        Utf8JsonWriter json, string? id, CommandDescription? command, Answer<object?>? answer, HttpProblem? problem)
    {
        json.WriteString("type"u8, "reply"u8);
        json.WriteString("id"u8, id);
        if (problem is not null)
        {
            json.WriteStartObject("problem"u8);
            json.WriteString("type"u8, problem.Type);
            json.WriteNumber("status"u8, problem.Status);
            json.WriteString("detail"u8, problem.Detail);
            json.WriteString("code"u8, problem.Code);
            json.WriteString("field"u8, problem.Field);
            json.WriteBoolean("retryable"u8, problem.Retryable);
            json.WriteEndObject();
            return;
        }

        json.WriteNumber("version"u8, answer!.Value.Version);
        if (command!.ReplyType != typeof(Nothing))
        {
            json.WritePropertyName("reply"u8);
            JsonSerializer.Serialize(json, answer.Value.Reply, command.ReplyType, SojournJson.Options);
        }
    }

    private ValueTask WelcomeAsync(SessionView<Agent> view, string type, bool isWhole, CancellationToken stop) =>
        socket.SendAsync(json =>
        {
            json.WriteString("type"u8, type);
            json.WriteString("after"u8, new EventOffset(view.CreatedAt, _eventsSent).ToString());
            // False if what was before is left out.
            json.WriteBoolean("whole"u8, isWhole);
            json.WritePropertyName("session"u8);
            SessionJson.Write(json, view, engine.Kinds[AgentKind.KindName]);
        }, stop);

    /// <summary>
    /// Who is gone does not decide the size any more; but who came back before its old connection was seen to be broken
    /// is not gone.
    /// </summary>
    private async Task GiveUpSizeAsync()
    {
        if (_name is null || !session.Names.Leave(session.Key, _name))
        {
            return;
        }

        if (await engine.GetAsync<Agent>(session.Key.Id, session.Key.Owner) is
            { IsAccepted: true, Reply.State: { } agent } && agent.SizeOwner == _name)
        {
            // Another may take over at this very moment.
            _ = await engine.SendAsync(
                session.Key.Id,
                new Resize(agent.Size.Columns, agent.Size.Rows, By: null, TakeOver: true) { OnlyFrom = _name },
                new SendOptions { Owner = session.Key.Owner });
        }
    }

    private static T? Read<T>(ClientFrame frame)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(frame.Bytes.Span, SojournJson.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Hello(string? Type, string? Client, string? Events, long? Output);

    private sealed record ClientMessage(
        string? Type, string? Events, long? Output, string? Id, string? Name, JsonElement? Parameters);
}
