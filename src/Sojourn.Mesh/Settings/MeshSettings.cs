using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;

namespace Sojourn.Mesh.Settings;

/// <summary>
/// What this machine's user has set, in one file of the node's home directory. What was not set is not written. From
/// any thread, and by several processes at once.
/// </summary>
internal sealed class MeshSettings : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SettingsFile _file;
    private readonly TimeProvider _time;

    private MeshSettings(SettingsFile file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        Seats = new SeatTable(file);
        Profiles = new ProfileTable(file);
        Servers = new ServerTable(file);
    }

    /// <summary>Where they are.</summary>
    public string Path => _file.Path;

    /// <summary>A sentence about a damaged file that was put aside; null for none.</summary>
    public string? Notice => _file.Notice;

    /// <summary>Where this machine sits.</summary>
    public SeatTable Seats { get; }

    /// <summary>What games need.</summary>
    public ProfileTable Profiles { get; }

    /// <summary>Servers that somebody likes to come back to.</summary>
    public ServerTable Servers { get; }

    /// <summary>Opens them; a directory and a file that are not there are made, for their owner's eyes only.</summary>
    /// <param name="directory">The node's home directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long to wait for another process. Default 10 s; whole seconds.</param>
    /// <exception cref="SettingsException">They cannot be used, and are as they were.</exception>
    public static MeshSettings Open(string directory, TimeProvider time, TimeSpan? patience = null) =>
        new(SettingsFile.Open(directory, patience ?? Patience), time);

    /// <summary>What holds: what was set, or else what it comes with.</summary>
    /// <exception cref="SettingsException">What is stored is no value of it; the message says what helps.</exception>
    public T Get<T>(Setting<T> setting) => Stored(setting.Name) is not var (text, _) ? setting.UsualValue
        : FaultOf(setting, text) is { } fault ? throw new SettingsException(fault) : setting.Read(text);

    /// <summary>Whether it was set.</summary>
    public bool IsSet(Setting setting) => Stored(setting.Name) is not null;

    /// <summary>One as it stands.</summary>
    /// <exception cref="SettingsException">There is none of that name.</exception>
    public SettingValue Get(string name) => ValueOf(MeshSetting.Find(name), Stored(name));

    /// <summary>All as they stand.</summary>
    public IReadOnlyList<SettingValue> List() => _file.Read(connection =>
    {
        var stored = All(connection);
        return MeshSetting.All.Select(each =>
            ValueOf(each, stored.TryGetValue(each.Name, out var one) ? one : null)).ToList();
    });

    /// <summary>Sets one.</summary>
    /// <exception cref="SettingsException">There is none of that name, or it takes no such value.</exception>
    public SettingValue Set(string name, string text)
    {
        var setting = MeshSetting.Find(name);
        var value = new SettingValue(setting, setting.Normalize(text), _time.GetUtcNow(), null);
        _file.Change(connection =>
        {
            using var set = new Statement(
                connection, "INSERT OR REPLACE INTO setting (name, value, changed_at) VALUES ($0, $1, $2)");
            return set.Run(name, value.Text, value.ChangedAt!.Value.ToUnixTimeMilliseconds());
        });
        return value;
    }

    /// <summary>Makes one as it comes.</summary>
    /// <exception cref="SettingsException">There is none of that name.</exception>
    public SettingValue Reset(string name)
    {
        var setting = MeshSetting.Find(name);
        _file.Change(connection =>
        {
            using var reset = new Statement(connection, "DELETE FROM setting WHERE name = $0");
            return reset.Run(name);
        });
        return ValueOf(setting, null);
    }

    /// <summary>Does several things, all or none.</summary>
    public void Together(Action change) => _file.Change(_ =>
    {
        change();
        return true;
    });

    /// <summary>Copies the file as it is at one moment.</summary>
    /// <exception cref="SettingsException">There is something of that name, or it cannot be written.</exception>
    public void Backup(string to) => _file.Backup(to);

    /// <summary>Looks at the file and at all that is in it, and changes nothing.</summary>
    /// <returns>A sentence for each fault; null if there is no file.</returns>
    public static IReadOnlyList<string>? Check(string directory)
    {
        SqliteLibrary.EnsureLoaded();
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, SettingsFile.Name));
        if (!File.Exists(path))
            return null;
        try
        {
            using var connection = SettingsFile.Connect(path, Patience);
            connection.Run("PRAGMA query_only = ON");
            if (SettingsSchema.FindDamage(connection) is { Count: > 0 } damage)
                return damage;
            SettingsSchema.Ensure(connection, path);
            return [.. All(connection).Select(each => FaultOf(each.Key, each.Value.Text)).OfType<string>(),
                .. ProfileTable.FindFaults(connection), .. SeatTable.FindFaults(connection)];
        }
        catch (Exception fault) when (fault is SqliteException or SettingsException or DamagedSettingsException)
        {
            return [fault.Message];
        }
    }

    public void Dispose() => _file.Dispose();

    private (string Text, long ChangedAt)? Stored(string name) => _file.Read(connection =>
        All(connection).TryGetValue(name, out var stored) ? stored : ((string Text, long ChangedAt)?)null);

    private static Dictionary<string, (string Text, long ChangedAt)> All(SqliteConnection connection)
    {
        using var all = new Statement(connection, "SELECT name, value, changed_at FROM setting ORDER BY name");
        return all.All(row => (Name: row.GetString(0), Stored: (row.GetString(1), row.GetInt64(2))))
            .ToDictionary(row => row.Name, row => row.Stored, StringComparer.Ordinal);
    }

    private static SettingValue ValueOf(Setting setting, (string Text, long ChangedAt)? stored) =>
        stored is var (text, at)
            ? new(setting, text, DateTimeOffset.FromUnixTimeMilliseconds(at), FaultOf(setting, text))
            : new(setting, setting.Usual, null, null);

    private static string? FaultOf(string name, string text) =>
        MeshSetting.All.FirstOrDefault(each => each.Name == name) is { } setting ? FaultOf(setting, text)
            : $"There is no setting '{name}' in this version; it is not used.";

    private static string? FaultOf(Setting setting, string text)
    {
        try
        {
            setting.Normalize(text);
            return null;
        }
        catch (SettingsException fault)
        {
            return $"{fault.Message} Something else has written it; "
                + $"`sojourn party settings {setting.Name} --reset` helps.";
        }
    }
}
