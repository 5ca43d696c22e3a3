using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>What an agent says that it can do. What it does not say it is not asked for.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Version">The protocol's version.</param>
/// <param name="Resumes">Takes up a conversation.</param>
/// <param name="Loads">Takes up a conversation, and says all of it again first.</param>
/// <param name="Forks">Copies a conversation.</param>
/// <param name="Logins">The ways to log in, for people; empty if it names none.</param>
internal sealed record AcpAbilities(string Name, long Version, bool Resumes, bool Loads, bool Forks, string Logins)
{
    public static AcpAbilities Read(JsonElement greeting)
    {
        var can = greeting.Child("agentCapabilities") ?? default;
        var sessions = can.Child("sessionCapabilities") ?? default;
        var logins = greeting.Items("authMethods")
            .Select(method => $"{method.Text("id")} ({method.Text("name")})");
        return new AcpAbilities(
            greeting.Child("agentInfo")?.Text("name") ?? "The agent", greeting.Number("protocolVersion"),
            Offers(sessions, "resume"), can.Is("loadSession"), Offers(sessions, "fork"), string.Join(", ", logins));
    }

    // An empty object says yes.
    private static bool Offers(JsonElement sessions, string name) =>
        sessions.Child(name) is { ValueKind: JsonValueKind.Object or JsonValueKind.True };
}
