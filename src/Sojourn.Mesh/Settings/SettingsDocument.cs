using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sojourn.Mesh.Settings;

/// <summary>
/// Settings, profiles and servers as one JSON document, for another machine or for friends. Seats are not in it: they
/// are this machine's.
/// </summary>
internal static class SettingsDocument
{
    public const string Format = "sojourn-mesh-settings";
    public const int Version = 1;

    /// <summary>What a document may be at most: a hundred times what all tables hold of ordinary things.</summary>
    public const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions Writing = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All that was set and added here.</summary>
    /// <exception cref="SettingsException">Something that is stored is no value of its setting.</exception>
    public static string Export(MeshSettings settings)
    {
        var set = new JsonObject();
        foreach (var each in settings.List().Where(each => each.ChangedAt is not null))
        {
            if (each.Fault is { } fault)
                throw new SettingsException(fault);
            set[each.Setting.Name] = each.Setting.ToJson(each.Text);
        }

        return new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["settings"] = set,
            ["profiles"] = new JsonArray([.. settings.Profiles.ListOwn().Select(Write)]),
            ["servers"] = new JsonArray([.. settings.Servers.List().Select(each => new JsonObject
            {
                ["name"] = each.Name,
                ["game"] = each.Game,
                ["address"] = each.Address,
            })]),
        }.ToJsonString(Writing) + "\n";
    }

    /// <summary>
    /// Takes over what a document names, in place of what is called the same; everything else stays. All or nothing.
    /// </summary>
    /// <returns>How much was taken over.</returns>
    /// <exception cref="SettingsException">The document has faults; the message names all of them.</exception>
    public static ImportCounts Import(MeshSettings settings, ReadOnlyMemory<byte> document)
    {
        var read = DocumentReading.Of(document);
        if (read.Faults is { Count: > 0 } faults)
        {
            throw new SettingsException(string.Create(CultureInfo.InvariantCulture,
                $"Nothing was imported: the document has {faults.Count} fault{(faults.Count == 1 ? "" : "s")}. ")
                + string.Join(" ", faults));
        }

        settings.Together(() =>
        {
            foreach (var (setting, text) in read.Settings)
                settings.Set(setting.Name, text);
            foreach (var profile in read.Profiles)
                settings.Profiles.Put(profile);
            foreach (var server in read.Servers)
                settings.Servers.Put(server);
        });
        return new(read.Settings.Count, read.Profiles.Count, read.Servers.Count);
    }

    private static JsonObject Write(GameProfile profile)
    {
        var written = new JsonObject
        {
            ["name"] = profile.Name,
            ["game"] = profile.Game,
            ["ports"] = profile.Ports.ToString(),
        };
        if (profile.Mtu is { } mtu)
            written["mtu"] = mtu;
        return written;
    }
}

/// <summary>How much an import took over.</summary>
internal sealed record ImportCounts(int Settings, int Profiles, int Servers);
