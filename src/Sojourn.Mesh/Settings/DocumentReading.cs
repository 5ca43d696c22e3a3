using System.Globalization;
using System.Text.Json;

namespace Sojourn.Mesh.Settings;

/// <summary>Reads a document to its end, whatever is wrong with it, so that all faults are told at once.</summary>
internal sealed class DocumentReading
{
    private static readonly JsonDocumentOptions Strictly = new() { AllowDuplicateProperties = false };

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public List<(Setting Setting, string Text)> Settings { get; } = [];

    public List<GameProfile> Profiles { get; } = [];

    public List<FavoriteServer> Servers { get; } = [];

    public static DocumentReading Of(ReadOnlyMemory<byte> document)
    {
        var reading = new DocumentReading();
        if (document.Length > SettingsDocument.MostBytes)
        {
            reading._faults.Add("It is larger than 1 MiB.");
            return reading;
        }

        try
        {
            using var json = JsonDocument.Parse(document, Strictly);
            reading.Read(json.RootElement);
        }
        catch (JsonException fault)
        {
            reading._faults.Add($"It is not JSON: {fault.Message}");
        }

        return reading;
    }

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !IsText(root, "format", SettingsDocument.Format))
        {
            _faults.Add($"It is no document of settings: those have \"format\": \"{SettingsDocument.Format}\".");
            return;
        }

        if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number)
            || number != SettingsDocument.Version)
        {
            _faults.Add(Text($"Its version is not {SettingsDocument.Version}, the one that this program knows."));
            return;
        }

        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "format" or "version":
                    break;
                case "settings" when member.Value.ValueKind == JsonValueKind.Object:
                    foreach (var each in member.Value.EnumerateObject())
                        Try(() => ReadSetting(each));
                    break;
                case "profiles" when member.Value.ValueKind == JsonValueKind.Array:
                    ReadAll(member, Profiles, each => each.Name, ReadProfile);
                    break;
                case "servers" when member.Value.ValueKind == JsonValueKind.Array:
                    ReadAll(member, Servers, each => each.Name, ReadServer);
                    break;
                default:
                    _faults.Add($"'{member.Name}' is not known, or not what is expected of it.");
                    break;
            }
        }
    }

    private void ReadSetting(JsonProperty member)
    {
        var setting = MeshSetting.Find(member.Name);
        Settings.Add((setting, setting.FromJson(member.Value)));
    }

    private void ReadAll<T>(JsonProperty list, List<T> to, Func<T, string> name, Func<JsonElement, T> read)
    {
        foreach (var (index, each) in list.Value.EnumerateArray().Index())
        {
            Try(() =>
            {
                try
                {
                    var one = read(each);
                    if (to.Exists(other => string.Equals(name(other), name(one), StringComparison.OrdinalIgnoreCase)))
                        throw new SettingsException($"'{name(one)}' is there twice.");
                    to.Add(one);
                }
                catch (SettingsException fault)
                {
                    throw new SettingsException(Text($"{list.Name}[{index}]: {fault.Message}"), fault);
                }
            });
        }
    }

    private static GameProfile ReadProfile(JsonElement json)
    {
        RefuseOthers(json, "name", "game", "ports", "mtu");
        int? mtu = null;
        if (json.TryGetProperty("mtu", out var given))
            mtu = given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : 0;
        var ports = PortSet.TryParse(TextOf(json, "ports"), out var read) ? read
            : throw new SettingsException(ProfileTable.FaultOfPorts(TextOf(json, "ports")));
        var profile = new GameProfile(TextOf(json, "name").Trim(), TextOf(json, "game").Trim(), ports, mtu);
        return ProfileTable.FaultOf(profile) is { } fault ? throw new SettingsException(fault) : profile;
    }

    private static FavoriteServer ReadServer(JsonElement json)
    {
        RefuseOthers(json, "name", "game", "address");
        var server = new FavoriteServer(
            TextOf(json, "name").Trim(), TextOf(json, "game").Trim(), TextOf(json, "address").Trim());
        return ServerTable.FaultOf(server) is { } fault ? throw new SettingsException(fault) : server;
    }

    private static void RefuseOthers(JsonElement json, params ReadOnlySpan<string> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new SettingsException("It is no object.");
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw new SettingsException($"'{member.Name}' is not known.");
        }
    }

    private static string TextOf(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new SettingsException($"'{name}' is no text.");

    private static bool IsText(JsonElement json, string name, string text) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() == text;

    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (SettingsException fault)
        {
            _faults.Add(fault.Message);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
