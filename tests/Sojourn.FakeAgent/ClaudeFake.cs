using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Sojourn.FakeAgent;

/// <summary>Speaks as Claude Code does.</summary>
internal sealed class ClaudeFake
{
    private readonly Memory _memory;
    private readonly ClaudeSpeech _speech;
    private readonly string[] _options;
    private readonly string _behaviour;
    private readonly Channel<JsonNode> _prompts = Channel.CreateUnbounded<JsonNode>();
    private readonly Dictionary<string, TaskCompletionSource<JsonNode?>> _asks = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _turn;

    public ClaudeFake(Memory memory, string behaviour, string[] options)
    {
        (_memory, _behaviour, _options) = (memory, behaviour, options);
        var speaksStates = behaviour != "stateless"
            && Environment.GetEnvironmentVariable("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS") == "1";
        _speech = new ClaudeSpeech(new Wire(), speaksStates);
    }

    public async Task<int> RunAsync()
    {
        if (!TryBegin())
        {
            return 1;
        }

        var turns = TurnsAsync();
        while (await _speech.Wire.ReadAsync() is { } line)
        {
            Take(line);
            if (_behaviour == "unread")
            {
                await Task.Delay(Timeout.Infinite);
            }
        }

        _prompts.Writer.Complete();
        await turns;
        return 0;
    }

    private string? Option(string name) =>
        Array.IndexOf(_options, name) is >= 0 and var at && at + 1 < _options.Length ? _options[at + 1] : null;

    private bool TryBegin()
    {
        if (!_options.Contains("--verbose") || !_options.Contains("--replay-user-messages"))
        {
            Console.Error.WriteLine("Error: --output-format=stream-json requires --verbose");
            return false;
        }

        if (Option("--resume") is { } resumed)
        {
            if (!_memory.Has(resumed))
            {
                Console.Error.WriteLine($"No conversation found with session ID: {resumed}");
                return false;
            }

            _speech.Conversation = resumed;
            if (_options.Contains("--fork-session"))
            {
                _speech.Conversation = Guid.NewGuid().ToString();
                _memory.Copy(resumed, _speech.Conversation);
            }

            return true;
        }

        _speech.Conversation = Option("--session-id") ?? Guid.NewGuid().ToString();
        if (_memory.Has(_speech.Conversation))
        {
            Console.Error.WriteLine($"Error: Session ID {_speech.Conversation} is already in use.");
            return false;
        }

        return true;
    }

    private void Take(JsonNode line)
    {
        switch ((string?)line["type"])
        {
            case "user":
                _prompts.Writer.TryWrite(line);
                break;
            case "control_request":
                TakeRequest((string)line["request_id"]!, (string)line["request"]!["subtype"]!);
                break;
            case "control_response":
                TakeAnswer(line["response"]!);
                break;
        }
    }

    private void TakeRequest(string id, string subtype)
    {
        if (subtype is not ("initialize" or "interrupt"))
        {
            _speech.Respond(id, $"Unsupported control request subtype: {subtype}");
            return;
        }

        _speech.Respond(id, error: null);
        if (subtype == "interrupt")
        {
            lock (_gate)
            {
                _turn?.Cancel();
            }
        }
    }

    private void TakeAnswer(JsonNode response)
    {
        lock (_gate)
        {
            if (_asks.Remove((string)response["request_id"]!, out var asked))
            {
                asked.SetResult((string?)response["subtype"] == "error"
                    ? new JsonObject { ["behavior"] = "deny", ["message"] = (string?)response["error"] }
                    : response["response"]);
            }
        }
    }

    private async Task TurnsAsync()
    {
        while (await _prompts.Reader.WaitToReadAsync())
        {
            // What came meanwhile becomes one turn.
            List<string> texts = [];
            while (_prompts.Reader.TryRead(out var line))
            {
                var (uuid, text) = ((string?)line["uuid"], (string)line["message"]!["content"]!);
                if (_memory.Take(_speech.Conversation, uuid, text))
                {
                    texts.Add(text);
                }

                if (_behaviour == "mute")
                {
                    Script.Taken();
                    texts.Clear();
                    continue;
                }

                if (_behaviour != "no-echo")
                {
                    _speech.Echo(line);
                }
            }

            if (texts.Count > 0)
            {
                await TurnAsync(texts);
            }
        }
    }

    private async Task TurnAsync(List<string> texts)
    {
        using var turn = new CancellationTokenSource();
        lock (_gate)
        {
            _turn = turn;
        }

        _speech.Begin();
        try
        {
            foreach (var text in texts)
            {
                await new ClaudeScript(_speech, _memory, AskAsync).RunAsync(text, turn.Token);
            }

            _speech.End("success", "done");
        }
        catch (OperationCanceledException)
        {
            _speech.End("error_during_execution", null, isError: true, reason: "aborted_tools");
        }
        catch (EndedException ended)
        {
            _speech.End(ended.Subtype, ended.Message, isError: true);
        }

        lock (_gate)
        {
            _turn = null;
        }

        _speech.Rest();
    }

    private async Task<JsonNode?> AskAsync(JsonObject request, bool isWithdrawn, CancellationToken turn)
    {
        var id = _behaviour == "same-asks" ? "ask-1" : Guid.NewGuid().ToString();
        var asked = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _asks[id] = asked;
        }

        _speech.Wire.Write(new JsonObject
        {
            ["type"] = "control_request",
            ["request_id"] = id,
            ["request"] = request,
        });
        if (isWithdrawn)
        {
            Withdraw(id);
            return null;
        }

        try
        {
            return await asked.Task.WaitAsync(turn);
        }
        catch (OperationCanceledException)
        {
            Withdraw(id);
            throw;
        }
    }

    private void Withdraw(string id)
    {
        lock (_gate)
        {
            _asks.Remove(id);
        }

        _speech.Wire.Write(new JsonObject { ["type"] = "control_cancel_request", ["request_id"] = id });
    }
}

/// <summary>A turn that ends with an error.</summary>
internal sealed class EndedException(string subtype, string message) : Exception(message)
{
    public string Subtype { get; } = subtype;
}
