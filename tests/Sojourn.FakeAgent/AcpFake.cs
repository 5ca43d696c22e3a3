using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>Speaks the Agent Client Protocol.</summary>
internal sealed class AcpFake(Memory memory, string behaviour)
{
    private const int MethodNotFound = -32601, NeedsLogin = -32000, NoSession = -32002;

    private readonly Wire _wire = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _requests = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _turn;
    private Task _turns = Task.CompletedTask;
    private int _lastRequest = -1;
    private bool _isLoggedIn = behaviour != "needs-login";

    public Wire Wire => _wire;

    public Memory Memory => memory;

    public async Task<int> RunAsync()
    {
        while (await _wire.ReadAsync() is { } line)
        {
            if (line["method"] is null)
            {
                TakeAnswer(line);
            }
            else
            {
                TakeRequest((string)line["method"]!, line["id"]?.DeepClone(), line["params"]!);
            }
        }

        await _turns;
        return 0;
    }

    public void Update(string session, string kind, JsonObject members)
    {
        members.Insert(0, "sessionUpdate", kind);
        Write(new JsonObject
        {
            ["method"] = "session/update",
            ["params"] = new JsonObject { ["sessionId"] = session, ["update"] = members },
        });
    }

    public void Notify(string method, JsonObject parameters) =>
        Write(new JsonObject { ["method"] = method, ["params"] = parameters });

    public async Task<JsonNode> AskAsync(string method, JsonObject parameters, bool isWithdrawn = false)
    {
        var asked = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id;
        lock (_gate)
        {
            id = behaviour == "same-asks" ? 1 : ++_lastRequest;
            _requests[id] = asked;
        }

        Write(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        if (isWithdrawn)
        {
            Notify("$/cancel_request", new JsonObject { ["requestId"] = id });
        }

        return await asked.Task;
    }

    private void Write(JsonObject line)
    {
        line.Insert(0, "jsonrpc", "2.0");
        _wire.Write(line);
    }

    private void TakeAnswer(JsonNode line)
    {
        lock (_gate)
        {
            if (_requests.Remove((int)line["id"]!, out var asked))
            {
                asked.SetResult(line);
            }
        }
    }

    private void TakeRequest(string method, JsonNode? id, JsonNode parameters)
    {
        var session = (string?)parameters["sessionId"] ?? "";
        switch (method)
        {
            case "initialize":
                Result(id, Abilities());
                break;
            case "authenticate":
                _isLoggedIn = (string?)parameters["methodId"] == "key";
                Answer(id, _isLoggedIn ? null : (NeedsLogin, "No such way."), []);
                break;
            case "session/new":
                var name = Guid.NewGuid().ToString();
                Answer(id, _isLoggedIn ? null : (NeedsLogin, "Log in first."), new JsonObject { ["sessionId"] = name });
                break;
            case "session/resume":
                Answer(id, memory.Has(session) ? null : (NoSession, "No such session."), []);
                break;
            case "session/load":
                Replay(session);
                Answer(id, memory.Has(session) ? null : (NoSession, "No such session."), []);
                break;
            case "session/fork":
                var copy = Guid.NewGuid().ToString();
                memory.Copy(session, copy);
                Result(id, new JsonObject { ["sessionId"] = copy });
                break;
            case "session/prompt":
                _turns = TurnAsync(id, session, (string)parameters["prompt"]![0]!["text"]!);
                break;
            case "session/cancel":
                lock (_gate)
                {
                    _turn?.Cancel();
                }

                break;
            default:
                Answer(id, (MethodNotFound, $"No such method: {method}"), []);
                break;
        }
    }

    private JsonObject Abilities()
    {
        var sessions = new JsonObject();
        if (behaviour is not ("cannot-resume" or "loads"))
        {
            sessions["resume"] = new JsonObject();
            sessions["fork"] = new JsonObject();
        }

        return new JsonObject
        {
            ["protocolVersion"] = behaviour == "version-2" ? 2 : 1,
            ["agentCapabilities"] = new JsonObject
            {
                ["loadSession"] = behaviour == "loads",
                ["sessionCapabilities"] = sessions,
            },
            ["agentInfo"] = new JsonObject { ["name"] = "fake", ["version"] = "1" },
            ["authMethods"] = new JsonArray(new JsonObject { ["id"] = "key", ["name"] = "A key" }),
        };
    }

    private void Replay(string session)
    {
        foreach (var text in memory.Texts(session))
        {
            Update(session, "user_message_chunk", AcpScript.Content(text));
            Update(session, "agent_message_chunk", AcpScript.Content("said before"));
        }
    }

    private void Result(JsonNode? id, JsonObject result) => Answer(id, null, result);

    private void Answer(JsonNode? id, (int Code, string Message)? error, JsonObject result)
    {
        if (id is null)
        {
            return;
        }

        var line = new JsonObject { ["id"] = id };
        line[error is null ? "result" : "error"] = error is { } fault
            ? new JsonObject { ["code"] = fault.Code, ["message"] = fault.Message } : result;
        Write(line);
    }

    private async Task TurnAsync(JsonNode? id, string session, string text)
    {
        using var turn = new CancellationTokenSource();
        lock (_gate)
        {
            _turn = turn;
        }

        memory.Take(session, null, text);
        if (behaviour == "mute")
        {
            Script.Taken();
            return;
        }

        var script = new AcpScript(this, session);
        var (reason, error) = ("end_turn", (string?)null);
        try
        {
            reason = await script.RunAsync(text, turn.Token);
        }
        catch (OperationCanceledException)
        {
            reason = "cancelled";
        }
        catch (EndedException ended)
        {
            error = ended.Message;
        }

        lock (_gate)
        {
            _turn = null;
        }

        Answer(id, error is null ? null : (-32603, error), new JsonObject
        {
            ["stopReason"] = reason,
            ["usage"] = new JsonObject { ["inputTokens"] = 10, ["outputTokens"] = 7, ["totalTokens"] = 17 },
        });
        script.After(text);
    }
}
