using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>The lines that Claude Code writes.</summary>
internal sealed class ClaudeSpeech(Wire wire, bool speaksStates)
{
    private int _messages;
    private decimal _cost;

    public Wire Wire => wire;

    public string Conversation { get; set; } = "";

    /// <summary>A name for the next message.</summary>
    public string NextMessage() => $"msg_{Environment.ProcessId}_{++_messages}";

    public void Line(string type, JsonObject members)
    {
        members.Insert(0, "type", type);
        members["session_id"] = Conversation;
        members["uuid"] ??= Guid.NewGuid().ToString();
        wire.Write(members);
    }

    public void System(string subtype, JsonObject members)
    {
        members.Insert(0, "subtype", subtype);
        Line("system", members);
    }

    public void Begin()
    {
        State("running");
        System("init", new JsonObject
        {
            ["cwd"] = Environment.CurrentDirectory,
            ["model"] = "none",
            ["tools"] = new JsonArray(),
        });
    }

    public void Rest() => State("idle");

    public void State(string state)
    {
        if (speaksStates)
        {
            System("session_state_changed", new JsonObject { ["state"] = state });
        }
    }

    public void Echo(JsonNode prompt)
    {
        var echo = (JsonObject)prompt.DeepClone();
        echo.Remove("type");
        echo["isReplay"] = true;
        Line("user", echo);
    }

    public void Respond(string id, string? error)
    {
        var response = new JsonObject { ["subtype"] = error is null ? "success" : "error", ["request_id"] = id };
        response[error is null ? "response" : "error"] = error is null ? new JsonObject() : error;
        wire.Write(new JsonObject { ["type"] = "control_response", ["response"] = response });
    }

    public void End(string subtype, string? text, bool isError = false, string reason = "completed") => Line("result",
        new JsonObject
        {
            ["subtype"] = subtype,
            ["is_error"] = isError,
            ["result"] = text,
            ["num_turns"] = 1,
            ["terminal_reason"] = reason,
            ["total_cost_usd"] = _cost += 0.25m,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = 10,
                ["cache_read_input_tokens"] = 5,
                ["output_tokens"] = 7,
            },
        });

    public void Piece(JsonObject piece) =>
        Line("stream_event", new JsonObject { ["event"] = piece, ["parent_tool_use_id"] = null });

    /// <summary>One block of a message, whole.</summary>
    public void Block(string message, JsonObject block, string? parent = null) => Line("assistant", new JsonObject
    {
        ["message"] = new JsonObject
        {
            ["id"] = message,
            ["role"] = "assistant",
            ["content"] = new JsonArray(block),
        },
        ["parent_tool_use_id"] = parent,
    });

    public void ToolResult(string call, string text, bool isError = false) => Line("user", new JsonObject
    {
        ["message"] = new JsonObject
        {
            ["role"] = "user",
            ["content"] = new JsonArray(new JsonObject
            {
                ["type"] = "tool_result",
                ["tool_use_id"] = call,
                ["content"] = text,
                ["is_error"] = isError,
            }),
        },
        ["parent_tool_use_id"] = null,
    });

    /// <summary>A text, in pieces and then whole.</summary>
    /// <param name="message">Its message.</param>
    /// <param name="index">Its place in it.</param>
    /// <param name="text">The text.</param>
    /// <param name="isThought">True for a thought.</param>
    public void Text(string message, int index, string text, bool isThought = false)
    {
        Pieces(message, index, text, isThought);
        Block(message, new JsonObject
        {
            ["type"] = isThought ? "thinking" : "text",
            [isThought ? "thinking" : "text"] = text,
        });
        Piece(new JsonObject { ["type"] = "content_block_stop", ["index"] = index });
    }

    public void Pieces(string message, int index, string text, bool isThought = false)
    {
        if (index == 0)
        {
            Piece(new JsonObject { ["type"] = "message_start", ["message"] = new JsonObject { ["id"] = message } });
        }

        Piece(new JsonObject { ["type"] = "content_block_start", ["index"] = index });
        foreach (var piece in Script.Pieces(text))
        {
            Piece(new JsonObject
            {
                ["type"] = "content_block_delta",
                ["index"] = index,
                ["delta"] = new JsonObject
                {
                    ["type"] = isThought ? "thinking_delta" : "text_delta",
                    [isThought ? "thinking" : "text"] = piece,
                },
            });
        }
    }
}
