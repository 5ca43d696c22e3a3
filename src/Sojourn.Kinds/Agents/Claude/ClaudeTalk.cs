using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>
/// What Claude Code has said so far, and what each line of it means. Turns and prompts are not one to one: a turn is
/// the span in which it has something to do, as it says itself where it does, and else until its result.
/// </summary>
/// <remarks>Reads from one place, and is asked from another: all under one lock.</remarks>
/// <param name="conversation">What the conversation is called; null if it will say so.</param>
/// <param name="answer">Writes an answer that needs nobody.</param>
internal sealed class ClaudeTalk(string? conversation, Action<byte[]> answer)
{
    private readonly Lock _gate = new();
    private readonly ClaudeTexts _texts = new();
    private readonly ClaudeTasks _tasks = new();
    private readonly Dictionary<Guid, string> _prompts = [];
    private readonly Dictionary<string, ClaudeAsk> _asks = [];
    private readonly Dictionary<string, TaskCompletionSource<string?>> _requests = [];

    private string? _conversation = conversation;
    private string? _status, _state;
    private TaskCompletionSource? _turn;
    private ClaudeResult? _result;
    private bool _isInterrupted, _isBegunByAsk, _hasEchoed;
    private string? _written;

    /// <summary>Completes when it has nothing to do; at once if it has not now.</summary>
    public Task Quiet
    {
        get
        {
            lock (_gate)
            {
                return _turn?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>A prompt is about to be written.</summary>
    public void Expect(Guid uuid, string prompt)
    {
        lock (_gate)
        {
            _prompts[uuid] = prompt;
            _written = prompt;
        }
    }

    /// <summary>A request is about to be written.</summary>
    /// <returns>Completes with its answer: an error, or null.</returns>
    public Task<string?> ExpectAnswer(string request, bool isInterruption = false)
    {
        var answered = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _requests[request] = answered;
            // Also of a prompt that it has not taken up yet.
            _isInterrupted |= isInterruption && (_turn is not null || _written is not null);
        }

        return answered.Task;
    }

    /// <summary>Takes an ask to answer it; null if it is no longer asked.</summary>
    public ClaudeAsk? TakeAsk(string id)
    {
        lock (_gate)
        {
            return _asks.Remove(id, out var ask) ? ask : null;
        }
    }

    /// <summary>An ask was answered in the log, too.</summary>
    public void Answered(List<AgentNews> news)
    {
        lock (_gate)
        {
            EndIfOnlyAsked(news);
        }
    }

    /// <summary>Adds what a line means.</summary>
    public void Take(JsonElement line, List<AgentNews> news)
    {
        lock (_gate)
        {
            List<AgentNews> told = [];
            TakeLine(line, told);
            if (_turn is null && told.Exists(IsWork))
            {
                // Work after the end of all work: it is shown, and opens nothing that nobody would close.
                told.RemoveAll(each => each is AgentNews.Delta);
                told.Add(new AgentNews.TurnEnded(TurnOutcome.Completed, null, new TurnUsage()));
            }

            news.AddRange(told);
        }
    }

    private static bool IsWork(AgentNews news) => news is AgentNews.Said or AgentNews.Tool;

    private void TakeLine(JsonElement line, List<AgentNews> news)
    {
        var parent = line.Text("parent_tool_use_id");
        switch (line.Text("type"))
        {
            case "system":
                TakeSystem(line, news);
                break;
            case "stream_event" when parent is null && line.Child("event") is { } piece:
                BeginByWork(news);
                if (_turn is not null)
                {
                    _texts.TakePiece(piece, news);
                }

                break;
            case "assistant" when line.Child("message") is { } message:
                TakeMessage(message, parent, news);
                break;
            case "user":
                TakeUser(line, parent, news);
                break;
            case "control_request" when line.Text("request_id") is { } id && line.Child("request") is { } request:
                TakeRequest(id, request, news);
                break;
            case "control_cancel_request" when line.Text("request_id") is { } id:
                if (_asks.Remove(id))
                {
                    news.Add(new AgentNews.AskWithdrawn(id, "withdrawn"));
                    EndIfOnlyAsked(news);
                }

                break;
            case "control_response" when line.Child("response") is { } response:
                TakeResponse(response);
                break;
            case "result":
                TakeResult(line, news);
                break;
            default:
                // Newer versions say more.
                break;
        }
    }

    private void TakeSystem(JsonElement line, List<AgentNews> news)
    {
        switch (line.Text("subtype"))
        {
            case "init":
                BeginByWork(news);
                if (line.Text("session_id") is { Length: > 0 } id && id != _conversation)
                {
                    _conversation = id;
                    news.Add(new AgentNews.Ready(id));
                }

                break;
            case "session_state_changed" when line.Text("state") is { } state:
                TakeState(state, news);
                break;
            case "status":
                var status = line.Text("status");
                // Each call of the model is a status of its own; that is no news.
                if (status is not null and not "requesting" && status != _status)
                {
                    news.Add(new AgentNews.Noticed(NoticeKind.Info, $"Status: {status}."));
                }

                _status = status;
                break;
            case "api_retry":
                news.Add(new AgentNews.Noticed(NoticeKind.Info, ClaudeNotices.Retry(line)));
                break;
            case "compact_boundary":
                news.Add(new AgentNews.Noticed(NoticeKind.Info, "The conversation so far was made shorter."));
                break;
            case { } subtype:
                _tasks.Take(subtype, line, news);
                break;
            default:
                break;
        }
    }

    private void TakeState(string state, List<AgentNews> news)
    {
        _state = state;
        if (state != "idle")
        {
            Begin(news);
            _isBegunByAsk = false;
        }
        else if (_turn is not null)
        {
            End(_result ?? ClaudeResult.Nothing, news);
        }
    }

    private void TakeMessage(JsonElement message, string? parent, List<AgentNews> news)
    {
        if (parent is not null)
        {
            // Sub-agents may go on beside the turns, where nobody asks what they say.
            news.AddRange(_turn is null ? [] : ClaudeTools.OfSubAgent(parent, message));
            return;
        }

        BeginByWork(news);
        var id = ClaudeTexts.NameOf(message);
        foreach (var block in message.Items("content"))
        {
            switch (block.Text("type"))
            {
                case "text":
                    _texts.TakeWhole(id, block.Text("text") ?? "", false, news);
                    break;
                case "thinking":
                    _texts.TakeWhole(id, block.Text("thinking") ?? "", true, news);
                    break;
                case "tool_use":
                    _texts.Pass(id);
                    news.Add(ClaudeTools.Begun(block));
                    break;
                default:
                    _texts.Pass(id);
                    break;
            }
        }
    }

    private void TakeUser(JsonElement line, string? parent, List<AgentNews> news)
    {
        if (Guid.TryParse(line.Text("uuid"), out var uuid) && _prompts.Remove(uuid, out var prompt))
        {
            _hasEchoed = true;
            _written = null;
            news.Add(new AgentNews.Acknowledged(prompt));
        }
        else if (parent is null && _turn is not null && line.Child("message") is { } message)
        {
            news.AddRange(ClaudeTools.Results(message));
        }
    }

    private void TakeRequest(string id, JsonElement request, List<AgentNews> news)
    {
        if (request.Text("subtype") != "can_use_tool")
        {
            answer(ClaudeLines.Error(id, $"This client does not do '{request.Text("subtype")}'."));
            return;
        }

        if (id.Length > AskTexts.LongestId)
        {
            answer(ClaudeLines.Deny(id, "The request's id is too long."));
            news.Add(new AgentNews.Noticed(NoticeKind.Protocol,
                $"It asked by a name of {id.Length:N0} characters, which is too long: it was denied."));
            return;
        }

        if (_asks.Count >= AskTexts.MostOpen)
        {
            answer(ClaudeLines.Deny(id, $"{AskTexts.MostOpen} questions wait for an answer already."));
            return;
        }

        var (kept, shown) = ClaudeAsk.Read(id, request);
        if (!_asks.TryAdd(id, kept))
        {
            return;
        }

        _isBegunByAsk = _turn is null && _state is not null;
        Begin(news);
        news.Add(new AgentNews.Asked(shown));
    }

    private void TakeResponse(JsonElement response)
    {
        if (response.Text("request_id") is { } id && _requests.Remove(id, out var waiting))
        {
            waiting.TrySetResult(response.Text("subtype") == "error" ? response.Text("error") ?? "error" : null);
        }
    }

    private void TakeResult(JsonElement line, List<AgentNews> news)
    {
        if (_turn is null)
        {
            // A second result of a turn says nothing that the first did not.
            return;
        }

        var result = ClaudeResult.Read(line, _isInterrupted);
        _result = _result?.With(result) ?? result;
        if (_state is null)
        {
            End(_result, news);
        }
    }

    private void Begin(List<AgentNews> news)
    {
        if (_turn is null)
        {
            _turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            news.Add(new AgentNews.TurnBegan());
        }
    }

    /// <summary>Where it does not say when it begins, its work does.</summary>
    private void BeginByWork(List<AgentNews> news)
    {
        if (_state is null)
        {
            Begin(news);
        }
    }

    private void End(ClaudeResult result, List<AgentNews> news)
    {
        if (_written is { } prompt && !_hasEchoed)
        {
            // A version that echoes nothing: a turn is over that began after the prompt was written.
            news.Add(new AgentNews.Acknowledged(prompt));
            _written = null;
        }

        var outcome = _result is null && _isInterrupted ? TurnOutcome.Interrupted : result.Outcome;
        news.Add(new AgentNews.TurnEnded(outcome, result.Error, result.Usage));
        _asks.Clear();
        _turn?.TrySetResult();
        (_turn, _result, _isInterrupted, _isBegunByAsk) = (null, null, false, false);
    }

    private void EndIfOnlyAsked(List<AgentNews> news)
    {
        if (_isBegunByAsk && _asks.Count == 0 && _state == "idle")
        {
            End(ClaudeResult.Nothing, news);
        }
    }
}
