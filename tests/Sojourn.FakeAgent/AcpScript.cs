using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>Does what a prompt says, as updates of the Agent Client Protocol.</summary>
internal sealed class AcpScript(AcpFake agent, string session)
{
    public static JsonObject Content(string text) => new()
    {
        ["content"] = new JsonObject { ["type"] = "text", ["text"] = text },
    };

    /// <returns>Why it stopped.</returns>
    public async Task<string> RunAsync(string prompt, CancellationToken turn)
    {
        var (word, rest) = Script.Of(prompt);
        switch (word)
        {
            case "think":
                Say($"Hm, {rest}", "agent_thought_chunk");
                Say(rest);
                break;
            case "tool":
                Tool(rest);
                break;
            case "plan":
                Update("plan", new JsonObject
                {
                    ["entries"] = new JsonArray(new JsonObject { ["content"] = rest, ["status"] = "pending" }),
                });
                Say("planned");
                break;
            case "ask":
                await AskAsync(rest, isWithdrawn: false);
                turn.ThrowIfCancellationRequested();
                break;
            case "withdraw":
                await AskAsync(rest, isWithdrawn: true);
                break;
            case "wait":
                Say("waiting");
                await Task.Delay(Timeout.Infinite, turn);
                break;
            case "files":
                var answer = await agent.AskAsync("fs/read_text_file", new JsonObject { ["path"] = rest });
                Say($"{answer["error"]!["code"]}: {answer["error"]!["message"]}");
                break;
            case "limit":
                return "max_tokens";
            case "refuse":
                return "refusal";
            case "fail":
                throw new EndedException("", rest);
            case "history":
                Say(string.Join(" | ", agent.Memory.Texts(session)[..^1]));
                break;
            default:
                await OddAsync(word, rest);
                break;
        }

        return "end_turn";
    }

    /// <summary>What comes when the turn is over already.</summary>
    public void After(string prompt)
    {
        if (prompt == "late")
        {
            Say("one more thing");
        }
    }

    private void Update(string kind, JsonObject members) => agent.Update(session, kind, members);

    private void Say(string text, string kind = "agent_message_chunk")
    {
        foreach (var piece in Script.Pieces(text))
        {
            Update(kind, Content(piece));
        }
    }

    private void Tool(string command)
    {
        Say("first");
        Update("tool_call", new JsonObject
        {
            ["toolCallId"] = "call_1",
            ["title"] = $"Run {command}",
            ["kind"] = "execute",
            ["status"] = "pending",
            ["rawInput"] = new JsonObject { ["command"] = command },
        });
        var done = new JsonObject
        {
            ["toolCallId"] = "call_1",
            ["status"] = "completed",
            ["content"] = new JsonArray(new JsonObject
            {
                ["type"] = "content",
                ["content"] = new JsonObject { ["type"] = "text", ["text"] = $"ran {command}" },
            }),
        };
        Update("tool_call_update", done);
        Say("then");
    }

    private async Task AskAsync(string command, bool isWithdrawn)
    {
        var answer = await agent.AskAsync("session/request_permission", new JsonObject
        {
            ["sessionId"] = session,
            ["toolCall"] = new JsonObject
            {
                ["toolCallId"] = "call_2",
                ["title"] = $"Run {command}",
                ["kind"] = "execute",
                ["rawInput"] = new JsonObject { ["command"] = command },
            },
            ["options"] = new JsonArray(
                new JsonObject { ["optionId"] = "yes", ["name"] = "Yes", ["kind"] = "allow_once" },
                new JsonObject { ["optionId"] = "always", ["name"] = "Always", ["kind"] = "allow_always" },
                new JsonObject { ["optionId"] = "no", ["name"] = "No", ["kind"] = "reject_once" }),
        }, isWithdrawn);
        var outcome = answer["result"]?["outcome"];
        Say((string?)outcome?["optionId"] ?? (string?)outcome?["outcome"] ?? $"error {answer["error"]!["code"]}");
    }

    private async Task OddAsync(string word, string rest)
    {
        switch (word)
        {
            case "huge":
                Update("agent_message_chunk", Content(new string('x', Script.Number(rest))));
                break;
            case "garbage":
                agent.Wire.Raw("Loading model...\n[1,2]\n\n{\"jsonrpc\":\n");
                Say("sorry");
                break;
            case "crash":
                Say("half a sen");
                Script.Crash(agent.Wire);
                break;
            case "flood":
                Say(new string('y', Script.Number(rest) * 5));
                break;
            case "unknown":
                Update("brand_new", new JsonObject { ["a"] = 1 });
                agent.Notify("brand/new", new JsonObject { ["a"] = 1 });
                var answer = await agent.AskAsync("brand/new", new JsonObject { ["a"] = 1 });
                Say($"{answer["error"]!["code"]}");
                break;
            case "mode":
                Update("current_mode_update", new JsonObject { ["currentModeId"] = rest });
                Update("usage_update", new JsonObject
                {
                    ["used"] = 100,
                    ["size"] = 1000,
                    ["cost"] = new JsonObject { ["amount"] = 0.5m, ["currency"] = "USD" },
                });
                Say("changed");
                break;
            case "grandchild":
                Say($"left {Script.LeaveGrandchild()}");
                break;
            case "errors":
                Script.Errors(Script.Number(rest));
                Say("grumbled");
                break;
            default:
                Say(rest);
                break;
        }
    }
}
