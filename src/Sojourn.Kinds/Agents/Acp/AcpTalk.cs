using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>
/// What an agent has said so far, and what each line of it means. A turn is a prompt that is not
/// answered.
/// </summary>
/// <remarks>Reads from one place, and is asked from another: all under one lock.</remarks>
/// <param name="run">The run of the session.</param>
/// <param name="answer">Writes an answer that needs nobody.</param>
internal sealed class AcpTalk(int run, Action<byte[]> answer)
{
    private readonly Lock _gate = new();
    private readonly AcpUpdates _updates = new(run);
    private readonly AcpAsks _asks = new(run);
    private readonly Dictionary<long, TaskCompletionSource<RpcAnswer>> _requests = [];
    private long _lastRequest;
    private string? _session;
    private OpenPrompt? _prompt;

    /// <summary>Completes when no prompt is open; at once if none is now.</summary>
    public Task Quiet
    {
        get
        {
            lock (_gate)
            {
                return _prompt?.Ended.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>A request is about to be written.</summary>
    public (long Id, Task<RpcAnswer> Answered) Expect()
    {
        var answered = new TaskCompletionSource<RpcAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _requests[++_lastRequest] = answered;
            return (_lastRequest, answered.Task);
        }
    }

    /// <summary>
    /// The session is there: from now on its updates are told. Those of before were said in an earlier
    /// run.
    /// </summary>
    public void Open(string session)
    {
        lock (_gate)
        {
            _session = session;
        }
    }

    /// <summary>A prompt is about to be written.</summary>
    /// <returns>The request's id.</returns>
    public long OpenPromptOf(string prompt)
    {
        lock (_gate)
        {
            _prompt = new OpenPrompt(++_lastRequest, prompt);
            return _lastRequest;
        }
    }

    /// <summary>Takes an ask to answer it.</summary>
    public byte[]? TakeAsk(string name)
    {
        lock (_gate)
        {
            return _asks.Remove(name);
        }
    }

    /// <summary>Takes all open asks: with the turn they are cancelled.</summary>
    public IReadOnlyList<(string Name, byte[] Id)> TakeAllAsks()
    {
        lock (_gate)
        {
            return _asks.RemoveAll();
        }
    }

    /// <summary>Adds what a line means.</summary>
    public void Take(JsonElement line, List<AgentNews> news)
    {
        lock (_gate)
        {
            TakeLine(line, news);
        }
    }

    private void TakeLine(JsonElement line, List<AgentNews> news)
    {
        var parameters = line.Child("params") ?? default;
        switch (line.Text("method"), line.Child("id"))
        {
            case ("session/request_permission", { } id):
                TakeAsk(id.Raw(), parameters, news);
                break;
            case ({ } method, { } id):
                answer(RpcLines.Error(id.Raw(), RpcLines.MethodNotFound, WhyNot(method)));
                break;
            case ("session/update", null) when IsOurs(parameters) && parameters.Child("update") is { } update:
                TakeUpdate(update, news);
                break;
            case ("$/cancel_request", null) when parameters.Child("requestId") is { } id:
                Withdraw(id.Raw(), news);
                break;
            case (null, { ValueKind: JsonValueKind.Number } id) when id.TryGetInt64(out var number):
                TakeAnswer(number, line, news);
                break;
            default:
                // What is not known may be ignored, the protocol says, unless it asks for an answer.
                break;
        }
    }

    private bool IsOurs(JsonElement parameters) => _session is not null && parameters.Text("sessionId") == _session;

    private static string WhyNot(string method) =>
        method.StartsWith("fs/", StringComparison.Ordinal) ? $"This client offers no files: {method}."
        : method.StartsWith("terminal/", StringComparison.Ordinal) ? $"This client offers no terminals: {method}."
        : $"This client does not know {method}.";

    private void TakeUpdate(JsonElement update, List<AgentNews> news)
    {
        List<AgentNews> told = [];
        _updates.Take(update, told);
        if (_prompt is { IsAcknowledged: false })
        {
            Acknowledge(news);
        }

        news.AddRange(told);
        if (_prompt is null && told.Exists(each => each is not (AgentNews.Noticed or AgentNews.Planned)))
        {
            // Work that belongs to no prompt is a turn of its own; nobody says when it ends, so it is short.
            _updates.Close(news);
            news.Add(new AgentNews.TurnEnded(TurnOutcome.Completed, null, new TurnUsage()));
        }
    }

    private void TakeAsk(byte[] id, JsonElement parameters, List<AgentNews> news)
    {
        // Outside of a turn there is nobody who would be done with it.
        if (_asks.IsFull || _prompt is null)
        {
            answer(AcpAsks.Cancelled(id));
            news.Add(new AgentNews.Noticed(
                NoticeKind.Protocol, "It asked something out of turn, or too much at once."));
            return;
        }

        if (id.Length > AskTexts.LongestId)
        {
            answer(AcpAsks.Cancelled(id));
            news.Add(new AgentNews.Noticed(NoticeKind.Protocol,
                $"It asked by a name of {id.Length:N0} bytes, which is too long: it was cancelled."));
            return;
        }

        if (_asks.Take(id, parameters, _updates.TitleOf) is { } ask)
        {
            Acknowledge(news);
            _updates.Close(news);
            news.Add(new AgentNews.Asked(ask));
        }
    }

    private void Withdraw(byte[] id, List<AgentNews> news)
    {
        var name = _asks.NameOf(id);
        if (_asks.Remove(name) is { } open)
        {
            answer(RpcLines.Error(open, RpcLines.Cancelled, "The request was cancelled."));
            news.Add(new AgentNews.AskWithdrawn(name, "withdrawn"));
        }
    }

    private void TakeAnswer(long id, JsonElement line, List<AgentNews> news)
    {
        if (_requests.Remove(id, out var waiting))
        {
            waiting.TrySetResult(RpcAnswer.Read(line));
        }
        else if (_prompt?.Request == id)
        {
            Acknowledge(news);
            _updates.Close(news);
            news.Add(_updates.EndOf(RpcAnswer.Read(line)));
            _asks.RemoveAll();
            var ended = _prompt.Ended;
            _prompt = null;
            ended.TrySetResult();
        }
    }

    private void Acknowledge(List<AgentNews> news)
    {
        if (_prompt is { IsAcknowledged: false })
        {
            _prompt = _prompt with { IsAcknowledged = true };
            news.Add(new AgentNews.Acknowledged(_prompt.Prompt));
        }
    }

    private sealed record OpenPrompt(long Request, string Prompt)
    {
        public bool IsAcknowledged { get; init; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
