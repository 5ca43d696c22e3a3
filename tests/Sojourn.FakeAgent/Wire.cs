using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>Lines of JSON on the standard input and output.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It is the process's own input.")]
internal sealed class Wire
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly StreamReader _input = new(Console.OpenStandardInput(), new UTF8Encoding(false));
    private readonly Lock _gate = new();

    /// <summary>Null at the end.</summary>
    public async Task<JsonNode?> ReadAsync() =>
        await _input.ReadLineAsync() is { } line ? JsonNode.Parse(line) : null;

    public void Write(JsonObject line) => Raw(line.ToJsonString(Plain) + "\n");

    public void Raw(string text)
    {
        lock (_gate)
        {
            _output.Write(Encoding.UTF8.GetBytes(text));
            _output.Flush();
        }
    }
}
