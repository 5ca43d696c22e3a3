using System.Globalization;
using System.Text.Json;

namespace Sojourn.Cli.Agents;

using Sojourn.Client;
using Sojourn.Client.Agents;

/// <summary>An agent as a chat in lines: what it writes, uses and asks, and what one types to it.</summary>
internal sealed class Chat(Call call, string id, string name)
{
    private const string Help =
        "Type what it is to do. While it asks: the number of an answer, or /deny and why. /interrupt, /stop, /resume, "
        + "/leave; Ctrl-C leaves too.";

    private readonly Lock _writing = new();
    private readonly OpenAsks _asks = new();
    private string? _message;
    private string? _caughtUpAt;

    /// <summary>Shows what happens, and passes on what is typed, until one leaves.</summary>
    public async Task<int> TalkAsync(CancellationToken stop)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stop);
        call.Say(Help);
        var typing = Task.Run(() => TypeAsync(left), CancellationToken.None);
        try
        {
            await foreach (var news in call.Client.AttachAgent(id, name).FollowAsync(left.Token))
            {
                if (Show(news))
                    break;
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            Line($"Left; it goes on. Come back: {call.Hint($"attach {id}")}");
        }

        await left.CancelAsync();
        // Reading the keyboard cannot be broken off; the process ends soon.
        _ = typing.ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCodes.Done;
    }

    /// <summary>Asks, and shows what happens until that is done.</summary>
    public async Task<int> AskAsync(string text, string prompt, CancellationToken stop)
    {
        var (isAsked, isBegun) = (false, false);
        await foreach (var news in call.Client.AttachAgent(id, name).FollowAsync(stop))
        {
            if (news is AttachWelcome && !isAsked)
            {
                // Attached before, so that nothing of it is missed.
                isAsked = true;
                var answer = await call.Client.SendAsync(
                    AgentNames.Kind, id, "prompt", new { text, id = prompt, by = name }, giveUp: stop);
                isBegun = answer.Reply?.GetProperty("isRepeated").GetBoolean() == true;
                if (isBegun && !IsThere(await call.Client.GetAsync(AgentNames.Kind, id, stop), prompt))
                {
                    Line("It has had that already, and is done with it.");
                    return ExitCodes.Done;
                }

                continue;
            }

            if (news is AttachEvent { Event: { Data: { } queued, Type: "prompt-queued" } }
                && Text(queued, "prompt") == prompt)
                isBegun = true;
            if ((isBegun || news is not AttachEvent) && Show(news))
                return ExitCodes.Failed;
            if (isBegun && EndOf(news, prompt) is { } end)
                return end;
        }

        return ExitCodes.Failed;
    }

    /// <returns>How it ended, if it has.</returns>
    private int? EndOf(AttachNews news, string prompt)
    {
        if (news is AttachWelcome { IsWhole: false } welcome && !IsThere(welcome.Session, prompt))
        {
            Line("It is done; what it wrote meanwhile is in the log.");
            return ExitCodes.Done;
        }

        if (news is not AttachEvent { Event: { Data: { } data } happened })
            return null;
        if (happened.Type == "status-changed" && Text(data, "to") is "failed" or "ended" or "interrupted")
            return ExitCodes.Failed;
        if (!Concerns(happened.Type, data, prompt))
            return null;
        EndMessage();
        return happened.Type == "turn-ended" && Text(data, "outcome") == "completed"
            ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static bool IsThere(Session session, string prompt) =>
        session.State?.GetProperty("prompts").EnumerateArray().Any(each => Text(each, "id") == prompt) == true;

    private static bool Concerns(string type, JsonElement data, string prompt) =>
        type is "turn-ended" or "work-cut"
            && data.GetProperty("prompts").EnumerateArray().Any(each => each.GetString() == prompt)
        || type == "prompt-withdrawn" && Text(data, "prompt") == prompt;

    /// <returns>True if that is the end.</returns>
    private bool Show(AttachNews news)
    {
        switch (news)
        {
            case AttachWelcome { Session: { State: { } state } session } welcome:
                Line($"{Text(state, "title") ?? session.Id}: {session.Status}"
                    + (welcome.IsWhole ? "" : ". What was before is left out."));
                _asks.Set(state.GetProperty("asks").EnumerateArray());
                _caughtUpAt = session.LastEvent;
                if (string.CompareOrdinal(welcome.After, _caughtUpAt) >= 0)
                    ShowAsks();
                return false;
            case AttachEvent { Event: { Data: { } data } happened }:
                Show(happened.Type, data);
                // What was asked long ago is shown when all that came after it is.
                if (string.CompareOrdinal(happened.Offset, _caughtUpAt) >= 0)
                    ShowAsks();
                return false;
            case AttachLost { Attempt: 1 } lost:
                Line($"The server is away ({lost.Reason}); waiting. It goes on where it stood.");
                return false;
            case AttachGone:
                Line("The session was removed.");
                return true;
            default:
                // A chat has no screen.
                return false;
        }
    }

    private void Show(string type, JsonElement data)
    {
        switch (type)
        {
            case "prompt-queued":
                Line($"{Text(data, "by") ?? "Somebody"}: {Text(data, "text") ?? "(again)"}");
                break;
            case "text-delta" when !Truth(data, "isThought"):
                Piece(Text(data, "message"), Text(data, "text") ?? "");
                break;
            case "text-written" when !Truth(data, "isThought") && _message != Text(data, "message"):
                Line(Text(data, "text") ?? "");
                break;
            case "text-written":
                EndMessage();
                break;
            case "tool-used" when Text(data, "title") is { } title:
                Line($"  [{Text(data, "name") ?? "tool"}] {title} {Text(data, "state")}");
                break;
            case "ask-opened":
                _asks.Add(data.GetProperty("ask"));
                break;
            case "ask-answered":
                _asks.Remove(Text(data, "ask"));
                Line($"  {Text(data, "by") ?? "Somebody"} answered: {Text(data, "choice")}");
                break;
            case "ask-withdrawn":
                _asks.Remove(Text(data, "ask"));
                Line("  That is no longer asked.");
                break;
            case "turn-ended" when Text(data, "outcome") is not "completed":
                Line($"  The turn ended: {Text(data, "outcome")}. {Text(data, "error")}");
                break;
            case "work-cut":
                Line($"  CUT: {Text(data, "why")} Nothing of it is done again by itself; `run-again` does.");
                break;
            case "status-changed" when Text(data, "to") is "ended" or "failed" or "interrupted" or "hibernated":
                Line($"  It is {Text(data, "to")} now.");
                break;
            case "place-awaited":
                Line($"  It waits: {Text(data, "reason")}");
                break;
            case "noticed" when Text(data, "kind") is "protocol" or "info":
                Line($"  {Text(data, "text")}");
                break;
            default:
                // What a chat does not show is in the log.
                break;
        }
    }

    private void ShowAsks()
    {
        if (_asks.NextToShow() is not { } ask)
            return;
        Line($"? {Text(ask, "title")}");
        if (Text(ask, "detail") is { Length: > 0 } detail)
            Line($"  {PlainText.Line(detail, 500)}");
        if (_asks.NextQuestion(ask) is { } question)
            ShowQuestion(question);
        else
            ShowChoices(ask.GetProperty("choices").EnumerateArray().Select(choice => Text(choice, "name")));
    }

    private void ShowQuestion(JsonElement question)
    {
        Line($"  {Text(question, "text")} A number, or your own words:");
        ShowChoices(question.GetProperty("options").EnumerateArray().Select(option => option.GetString()));
    }

    private void ShowChoices(IEnumerable<string?> choices)
    {
        var number = 1;
        foreach (var choice in choices)
            Line(string.Create(CultureInfo.InvariantCulture, $"  {number++}  {choice}"));
    }

    private async Task TypeAsync(CancellationTokenSource left)
    {
        using var reader = new StreamReader(call.Terminal.OpenInput());
        while (await reader.ReadLineAsync(left.Token) is { } line)
        {
            if (line.Trim() is "/leave" or "/quit" or "/q")
                break;
            try
            {
                await DoAsync(line.Trim(), left.Token);
            }
            catch (SojournClientException no)
            {
                Line(no.Message);
            }
        }

        await left.CancelAsync();
    }

    private Task DoAsync(string line, CancellationToken left)
    {
        if (line.Length == 0)
            return Task.CompletedTask;
        if (line is "/interrupt" or "/stop" or "/resume" or "/hibernate")
            return SendAsync(line[1..], new { }, left);
        if (_asks.Current is { } ask && (line == "/deny" || line.StartsWith("/deny ", StringComparison.Ordinal)))
            return AnswerAsync(ask, isAllowed: false, line["/deny".Length..].Trim(), left);
        if (line[0] == '/')
            Line(Help);
        else if (_asks.ComesLate(line))
            Line("That is answered already; nothing was sent.");
        else
            return SayAsync(line, left);
        return Task.CompletedTask;
    }

    /// <summary>An answer, if something is asked, or else the next that it is to do.</summary>
    private Task SayAsync(string line, CancellationToken left)
    {
        if (_asks.Current is { } ask)
        {
            if (_asks.NextQuestion(ask) is { } question)
            {
                _asks.Answer(question, line);
                if (_asks.NextQuestion(ask) is not { } next)
                    return AnswerAsync(ask, isAllowed: true, "", left);
                ShowQuestion(next);
                return Task.CompletedTask;
            }

            if (OpenAsks.At(ask.GetProperty("choices"), line) is { } choice)
                return AnswerAsync(ask, choice, "", left);
        }

        return SendAsync("prompt", new { text = line, id = $"cli-{Guid.NewGuid():N}", by = name }, left);
    }

    private Task AnswerAsync(JsonElement ask, bool isAllowed, string message, CancellationToken left)
    {
        var choices = ask.GetProperty("choices").EnumerateArray();
        var choice = choices.FirstOrDefault(each => Truth(each, "allows") == isAllowed);
        if (choice.ValueKind == JsonValueKind.Object)
            return AnswerAsync(ask, choice, message, left);
        Line("It does not take such an answer; choose one by its number.");
        return Task.CompletedTask;
    }

    private Task<CommandAnswer> AnswerAsync(
        JsonElement ask, JsonElement choice, string message, CancellationToken left) =>
        SendAsync("answer-ask", new
        {
            ask = Text(ask, "id"),
            choice = Text(choice, "id"),
            message = message.Length > 0 ? message : null,
            answers = _asks.Answers,
            by = name,
        }, left);

    private Task<CommandAnswer> SendAsync(string command, object parameters, CancellationToken left) =>
        call.Client.SendAsync(AgentNames.Kind, id, command, parameters, giveUp: left);

    private void Piece(string? message, string text)
    {
        lock (_writing)
        {
            if (_message != message)
                EndMessage();
            _message = message;
            call.Terminal.Out.Write(PlainText.Lines(text));
            call.Terminal.Out.Flush();
        }
    }

    private void EndMessage()
    {
        lock (_writing)
        {
            if (_message is not null)
                call.Terminal.Out.WriteLine();
            _message = null;
        }
    }

    private void Line(string text)
    {
        lock (_writing)
        {
            EndMessage();
            call.Terminal.Out.WriteLine(PlainText.Lines(text));
            call.Terminal.Out.Flush();
        }
    }

    private static string? Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Truth(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;
}
