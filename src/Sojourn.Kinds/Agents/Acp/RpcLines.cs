using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>Lines of JSON-RPC 2.0.</summary>
internal static class RpcLines
{
    public const int MethodNotFound = -32601, Cancelled = -32800, NeedsLogin = -32000;

    public static byte[] Request(long id, string method, Action<Utf8JsonWriter> parameters) => JsonLine.Of(line =>
    {
        line.WriteString("jsonrpc", "2.0");
        line.WriteNumber("id", id);
        Call(line, method, parameters);
    });

    public static byte[] Notification(string method, Action<Utf8JsonWriter> parameters) => JsonLine.Of(line =>
    {
        line.WriteString("jsonrpc", "2.0");
        Call(line, method, parameters);
    });

    /// <param name="id">As the other side wrote it.</param>
    /// <param name="result">The members of the result.</param>
    public static byte[] Result(byte[] id, Action<Utf8JsonWriter> result) => JsonLine.Of(line =>
    {
        line.WriteString("jsonrpc", "2.0");
        line.WriteRaw("id", id);
        line.WriteStartObject("result");
        result(line);
        line.WriteEndObject();
    });

    public static byte[] Error(byte[] id, int code, string message) => JsonLine.Of(line =>
    {
        line.WriteString("jsonrpc", "2.0");
        line.WriteRaw("id", id);
        line.WriteStartObject("error");
        line.WriteNumber("code", code);
        line.WriteString("message", message);
        line.WriteEndObject();
    });

    private static void Call(Utf8JsonWriter line, string method, Action<Utf8JsonWriter> parameters)
    {
        line.WriteString("method", method);
        line.WriteStartObject("params");
        parameters(line);
        line.WriteEndObject();
    }
}
