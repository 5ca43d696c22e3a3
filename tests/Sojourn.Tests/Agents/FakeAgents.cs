using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sojourn.Tests.Agents;

/// <summary>Profiles whose program is the agent without a model, and what it remembers.</summary>
internal static class FakeAgents
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sojourn-fake-agent.dll");

    /// <summary>A profile, as a configuration names it.</summary>
    /// <param name="protocol"><c>claude</c> or <c>acp</c>, which is also its name.</param>
    /// <param name="memory">Where it keeps what it was asked.</param>
    /// <param name="behaviour">See the fake agent's program.</param>
    /// <param name="more">Further members, in JSON, each followed by a comma.</param>
    public static string Profile(string protocol, string memory, string behaviour = "none", string more = "") => $$"""
        { {{more}} "Name": "{{protocol}}", "Protocol": "{{protocol}}", "Command": "dotnet", "Directory": "/tmp",
          "Arguments": {{JsonSerializer.Serialize(Arguments(protocol, memory, behaviour))}},
          "Environment": {{JsonSerializer.Serialize(Variables)}} }
        """;

    /// <summary>What stands after <c>dotnet</c>.</summary>
    public static string[] Arguments(string protocol, string memory, string behaviour = "none") =>
        [Program, protocol, memory, "--behaviour", behaviour];

    /// <summary>All prompts that any program with this memory ever got.</summary>
    public static IReadOnlyList<JsonNode> Received(string memory)
    {
        var file = Path.Combine(memory, "prompts.jsonl");
        return File.Exists(file) ? [.. File.ReadLines(file).Select(line => JsonNode.Parse(line)!)] : [];
    }

    /// <summary>The texts of what was received.</summary>
    public static string[] ReceivedTexts(string memory) =>
        [.. Received(memory).Select(prompt => prompt["text"]!.ToString())];

    /// <summary>Where the runtime is, and that it is to start fast.</summary>
    public static Dictionary<string, string> Variables => new()
    {
        ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };
}
