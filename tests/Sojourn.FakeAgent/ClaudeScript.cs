using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>Does what a prompt says, in Claude Code's lines.</summary>
internal sealed class ClaudeScript(
    ClaudeSpeech speech, Memory memory, Func<JsonObject, bool, CancellationToken, Task<JsonNode?>> ask)
{
    public async Task RunAsync(string prompt, CancellationToken turn)
    {
        var (word, rest) = Script.Of(prompt);
        switch (word)
        {
            case "think":
                Think(rest);
                break;
            case "tool":
                Tool(rest);
                break;
            case "subagent":
                SubAgent(rest);
                break;
            case "ask":
                await AskAsync(rest, turn);
                break;
            case "question":
                await QuestionAsync(rest, turn);
                break;
            case "withdraw":
                await ask(Permission("Bash", new JsonObject { ["command"] = rest }), true, turn);
                Say("withdrawn");
                break;
            case "background":
                Background(rest);
                break;
            case "wait":
                Say("waiting");
                await Task.Delay(Timeout.Infinite, turn);
                break;
            case "fail":
                throw new EndedException("success", rest);
            case "limit":
                throw new EndedException("error_max_turns", rest);
            case "history":
                Say(string.Join(" | ", memory.Texts(speech.Conversation)[..^1]));
                break;
            default:
                Odd(word, rest);
                break;
        }
    }

    private void Say(string text) => speech.Text(speech.NextMessage(), 0, text);

    private void Think(string text)
    {
        var message = speech.NextMessage();
        speech.Text(message, 0, $"Hm, {text}", isThought: true);
        speech.Text(message, 1, text);
    }

    private void Tool(string command)
    {
        Use("toolu_1", "Bash", new JsonObject { ["command"] = command });
        speech.ToolResult("toolu_1", $"ran {command}");
        Say("done");
    }

    private void Use(string call, string name, JsonObject input) => speech.Block(speech.NextMessage(), new JsonObject
    {
        ["type"] = "tool_use",
        ["id"] = call,
        ["name"] = name,
        ["input"] = input,
    });

    private void SubAgent(string text)
    {
        Use("toolu_2", "Task", new JsonObject { ["description"] = "look around" });
        speech.Block("msg_sub", new JsonObject { ["type"] = "text", ["text"] = text }, "toolu_2");
        speech.ToolResult("toolu_2", "looked around");
        Say("the sub-agent is done");
    }

    private static JsonObject Permission(string tool, JsonObject input) => new()
    {
        ["subtype"] = "can_use_tool",
        ["tool_name"] = tool,
        ["input"] = input,
        ["tool_use_id"] = "toolu_3",
        ["permission_suggestions"] = new JsonArray(new JsonObject
        {
            ["type"] = "addRules",
            ["behavior"] = "allow",
            ["destination"] = "session",
        }),
    };

    private async Task AskAsync(string command, CancellationToken turn)
    {
        speech.State("requires_action");
        var answer = await ask(Permission("Bash", new JsonObject { ["command"] = command }), false, turn);
        speech.State("running");
        Say((string?)answer!["behavior"] == "allow"
            ? $"allowed {answer["updatedInput"]!["command"]} "
                + $"{(answer["updatedPermissions"] is null ? "once" : "for ever")}"
            : $"denied: {answer["message"]}");
    }

    private async Task QuestionAsync(string question, CancellationToken turn)
    {
        var input = new JsonObject
        {
            ["questions"] = new JsonArray(new JsonObject
            {
                ["question"] = question,
                ["header"] = "Choose",
                ["options"] = new JsonArray(
                    new JsonObject { ["label"] = "red" }, new JsonObject { ["label"] = "blue" }),
                ["multiSelect"] = false,
            }),
        };
        var request = Permission("AskUserQuestion", input);
        request.Remove("permission_suggestions");
        var answer = await ask(request, false, turn);
        Say((string?)answer!["behavior"] == "allow"
            ? $"answered {answer["updatedInput"]!["answers"]![question]}" : "not answered");
    }

    private void Background(string task)
    {
        speech.System("task_started", new JsonObject { ["task_id"] = "task_1", ["description"] = task });
        Say("it goes on behind");
        _ = task == "endless" ? Task.CompletedTask : FinishAsync();

        async Task FinishAsync()
        {
            await memory.ToldAsync("finish");
            speech.System("task_notification", new JsonObject
            {
                ["task_id"] = "task_1",
                ["status"] = "completed",
                ["summary"] = $"{task} is done",
            });
            speech.Begin();
            Say("it is done");
            speech.End("success", "it is done");
            speech.Rest();
        }
    }

    /// <summary>What no agent should do, and some do.</summary>
    private void Odd(string word, string rest)
    {
        switch (word)
        {
            case "huge":
                speech.Block(speech.NextMessage(),
                    new JsonObject { ["type"] = "text", ["text"] = new string('x', Script.Number(rest)) });
                break;
            case "garbage":
                speech.Wire.Raw("this is no JSON\n[1,2]\n\n{\"type\":\n\xff\n");
                Say("sorry");
                break;
            case "crash":
                speech.Pieces(speech.NextMessage(), 0, "half a sen");
                Script.Crash(speech.Wire);
                break;
            case "flood":
                speech.Pieces(speech.NextMessage(), 0, new string('y', Script.Number(rest) * 5));
                Say("flooded");
                break;
            case "twice":
                Say("once");
                speech.End("success", "once");
                break;
            case "unknown":
                speech.Line("brand_new", new JsonObject { ["a"] = 1 });
                speech.System("brand_new", new JsonObject { ["a"] = 1 });
                speech.Wire.Write(new JsonObject
                {
                    ["type"] = "control_request",
                    ["request_id"] = "new-1",
                    ["request"] = new JsonObject { ["subtype"] = "brand_new" },
                });
                Say("still here");
                break;
            case "grandchild":
                Say($"left {Script.LeaveGrandchild()}");
                break;
            case "retry":
                Retry();
                break;
            case "errors":
                Script.Errors(Script.Number(rest));
                Say("grumbled");
                break;
            case "cut":
                speech.Pieces(speech.NextMessage(), 0, "half a sen");
                speech.Block(speech.NextMessage(), new JsonObject { ["type"] = "text", ["text"] = rest });
                break;
            default:
                Say(rest);
                break;
        }
    }

    private void Retry()
    {
        speech.System("api_retry", new JsonObject
        {
            ["attempt"] = 2,
            ["max_retries"] = 10,
            ["retry_delay_ms"] = 1500,
            ["error_status"] = 529,
            ["error"] = "overloaded",
        });
        speech.System("status", new JsonObject { ["status"] = "compacting" });
        Say("at last");
    }
}
