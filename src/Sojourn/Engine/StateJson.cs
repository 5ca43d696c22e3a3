using System.Text.Json;

namespace Sojourn.Engine;

/// <summary>States and replies as bytes.</summary>
internal static class StateJson
{
    public static byte[] Write(KindRuntime kind, object state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, kind.Rules.StateType, SojournJson.Stored);

    public static object Read(KindRuntime kind, ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(json.Span, kind.Rules.StateType, SojournJson.Stored)
        ?? throw new JsonException($"The state of a session of kind '{kind.Name}' is null.");

    public static byte[] WriteReply(object? reply, Type type) => reply is Nothing or null
        ? []
        : JsonSerializer.SerializeToUtf8Bytes(reply, type, SojournJson.Stored);

    public static object? ReadReply(ReadOnlyMemory<byte> json, Type? type) => json.IsEmpty
        ? type == typeof(Nothing) ? Nothing.Value : null
        : JsonSerializer.Deserialize(json.Span, type!, SojournJson.Stored);
}
