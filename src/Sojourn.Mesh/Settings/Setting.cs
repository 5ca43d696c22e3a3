using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Mesh.Settings;

/// <summary>Something that a machine's user may set once and for all.</summary>
internal abstract class Setting(string name, string takes, string summary)
{
    public string Name => name;

    /// <summary>What it takes, for people.</summary>
    public string Takes => takes;

    /// <summary>What it is for, and what happens while it is not set.</summary>
    public string Summary => summary;

    /// <summary>How what holds while it is not set is spelt; empty for nothing.</summary>
    public abstract string Usual { get; }

    /// <summary>The one way in which a value is spelt.</summary>
    /// <exception cref="SettingsException">It takes no such value.</exception>
    public abstract string Normalize(string text);

    /// <summary>A value as a document has it.</summary>
    public abstract JsonNode ToJson(string text);

    /// <summary>Reads a value from a document.</summary>
    /// <exception cref="SettingsException">It takes no such value.</exception>
    public string FromJson(JsonElement json)
    {
        var text = json.ValueKind switch
        {
            JsonValueKind.Array when json.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String) =>
                string.Join(',', json.EnumerateArray().Select(each => each.GetString())),
            JsonValueKind.String => json.GetString()!,
            _ => json.GetRawText(),
        };
        var normal = Normalize(text);
        // A number is no text that looks like one.
        return ToJson(normal).GetValueKind() == json.ValueKind ? normal : throw Refuse(json.GetRawText());
    }

    protected SettingsException Refuse(string text) =>
        new($"The setting '{Name}' is {Takes}, not '{Shorten(text)}'.");

    private static string Shorten(string text) => text.Length <= 64 ? text : $"{text[..64]}…";
}

/// <inheritdoc cref="Setting" />
/// <typeparam name="T">Its values.</typeparam>
internal sealed class Setting<T>(string name, T usual, SettingType<T> type, string summary)
    : Setting(name, type.Words, summary)
{
    /// <summary>What holds while it is not set.</summary>
    public T UsualValue => usual;

    public override string Usual => type.Write(usual);

    public override string Normalize(string text) => type.Write(Read(text));

    /// <exception cref="SettingsException">It takes no such value.</exception>
    public T Read(string text) => type.Read(text, out var value) ? value : throw Refuse(text);

    public override JsonNode ToJson(string text) => Read(text) switch
    {
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        IReadOnlyList<string> list => new JsonArray([.. list.Select(each => JsonValue.Create(each))]),
        _ => JsonValue.Create(text),
    };
}

/// <summary>All settings there are.</summary>
internal static class MeshSetting
{
    public static Setting<string?> Name { get; } = new(
        "name", null, SettingTypes.Text(32), "What the others see; your login while it is not set");

    public static Setting<string> Interface { get; } = new(
        "interface", "sojourn0", SettingTypes.Interface, "What the network's interface is called");

    public static Setting<int> Port { get; } = new(
        "port", 0, SettingTypes.Number(0, 65535), "The tunnel's UDP port; 0 for any");

    public static Setting<int> Mtu { get; } = new(
        "mtu", 1380, SettingTypes.Number(1280, 1420), "The longest packet through the tunnel, in bytes");

    public static Setting<Uri?> Server { get; } = new(
        "server", null, SettingTypes.Server, "The server that an invitation's code alone is of");

    public static Setting<IReadOnlyList<string>> StunServers { get; } = new(
        "stun-servers", [], SettingTypes.Places, "STUN servers beside the party's own");

    public static Setting<bool> PortMapping { get; } = new(
        "port-mapping", true, SettingTypes.Truth, "Whether the router is asked to open the tunnel's port");

    public static Setting<bool> Broadcast { get; } = new(
        "broadcast", false, SettingTypes.Truth, "Whether broadcasts and multicasts of games are carried to the others");

    public static Setting<bool> RelayOnly { get; } = new(
        "relay-only", false, SettingTypes.Truth, "Whether the others are reached through relays alone");

    public static Setting<TunnelDriver> Tunnel { get; } = new(
        "tunnel", TunnelDriver.Auto, SettingTypes.Driver, "Who drives the tunnel");

    public static IReadOnlyList<Setting> All { get; } =
        [Name, Interface, Port, Mtu, Server, StunServers, PortMapping, Broadcast, RelayOnly, Tunnel];

    /// <exception cref="SettingsException">There is none of that name.</exception>
    public static Setting Find(string name) =>
        All.FirstOrDefault(each => each.Name == name) ?? throw new SettingsException(string.Create(
            CultureInfo.InvariantCulture,
            $"There is no setting '{name}'. There are: {string.Join(", ", All.Select(each => each.Name))}."));
}
