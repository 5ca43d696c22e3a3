using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>The lines that are written to Claude Code.</summary>
internal static class ClaudeLines
{
    private const string Denied = "The user does not want this to be done.";

    /// <summary>
    /// What Claude Code knows a prompt by: the same for the same prompt of a session, whatever process hands it over.
    /// It does not run twice what has the same.
    /// </summary>
    /// <param name="session">Whose prompt it is.</param>
    /// <param name="conversation">The one that it becomes a part of: a copy has the names of all before it.</param>
    /// <param name="prompt">The prompt.</param>
    public static Guid UuidOf(SessionKey session, string conversation, AgentPrompt prompt)
    {
        Span<byte> entry = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(entry, prompt.Entry);
        // With the entry, since an id may come again once it is forgotten.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{session}\n{conversation}\n{prompt.Id}\n"), .. entry], hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public static byte[] Prompt(Guid uuid, string text) => JsonLine.Of(line =>
    {
        line.WriteString("type", "user");
        line.WriteStartObject("message");
        line.WriteString("role", "user");
        line.WriteString("content", text);
        line.WriteEndObject();
        line.WriteString("uuid", uuid);
    });

    public static byte[] Request(string id, string subtype) => JsonLine.Of(line =>
    {
        line.WriteString("type", "control_request");
        line.WriteString("request_id", id);
        line.WriteStartObject("request");
        line.WriteString("subtype", subtype);
        line.WriteEndObject();
    });

    /// <summary>Somebody's answer to what it asked.</summary>
    public static byte[] Answer(ClaudeAsk ask, AnswerAsk answer) => Respond(ask.Id, line =>
    {
        if (answer.Choice == ClaudeAsk.Deny)
        {
            Deny(line, string.IsNullOrWhiteSpace(answer.Message) ? Denied : answer.Message);
            return;
        }

        line.WriteString("behavior", "allow");
        line.WritePropertyName("updatedInput");
        WriteInput(line, ask, answer);
        if (answer.Choice == ClaudeAsk.AllowAlways && ask.Suggestions is { } suggestions)
        {
            line.WriteRaw("updatedPermissions", suggestions);
        }
    });

    /// <summary>A permission that nobody is asked for.</summary>
    public static byte[] Deny(string id, string why) => Respond(id, line => Deny(line, why));

    /// <summary>To what cannot be done for it.</summary>
    public static byte[] Error(string id, string why) => JsonLine.Of(line =>
    {
        line.WriteString("type", "control_response");
        line.WriteStartObject("response");
        line.WriteString("subtype", "error");
        line.WriteString("request_id", id);
        line.WriteString("error", why);
        line.WriteEndObject();
    });

    private static byte[] Respond(string id, Action<Utf8JsonWriter> members) => JsonLine.Of(line =>
    {
        line.WriteString("type", "control_response");
        line.WriteStartObject("response");
        line.WriteString("subtype", "success");
        line.WriteString("request_id", id);
        line.WriteStartObject("response");
        members(line);
        line.WriteEndObject();
        line.WriteEndObject();
    });

    private static void Deny(Utf8JsonWriter line, string why)
    {
        line.WriteString("behavior", "deny");
        line.WriteString("message", why);
    }

    /// <summary>The tool's parameters as they came, and with them the answers to its questions.</summary>
    private static void WriteInput(Utf8JsonWriter line, ClaudeAsk ask, AnswerAsk answer)
    {
        if (ask.Questions.Length == 0)
        {
            line.WriteRawValue(ask.Input, skipInputValidation: true);
            return;
        }

        using var input = JsonDocument.Parse(ask.Input, ProgramReader.Deep);
        line.WriteStartObject();
        foreach (var member in input.RootElement.EnumerateObject().Where(member => member.NameOf() != "answers"))
        {
            line.WriteRaw(member.NameOf(), member.Value.Raw());
        }

        line.WriteStartObject("answers");
        foreach (var (shown, asked) in ask.Questions)
        {
            if (answer.Answers?.GetValueOrDefault(shown) is { } said)
            {
                line.WriteString(asked, said);
            }
        }

        line.WriteEndObject();
        line.WriteEndObject();
    }
}
