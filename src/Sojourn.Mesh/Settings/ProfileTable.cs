using System.Globalization;
using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;

namespace Sojourn.Mesh.Settings;

/// <summary>Profiles of games: the user's own, and those that come with the program.</summary>
internal sealed class ProfileTable(SettingsFile file)
{
    public const int Most = 200;

    /// <summary>By name. One of the user's own stands in the place of a built-in one that is called the same.</summary>
    public IReadOnlyList<GameProfile> List() => file.Read(connection =>
    {
        var own = ReadOwn(connection).OfType<GameProfile>().ToList();
        return own.Concat(GameProfile.BuiltIn.Where(each => own.TrueForAll(mine => !IsSame(mine.Name, each.Name))))
            .OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase).ToList();
    });

    /// <summary>One of them; null if there is none of that name.</summary>
    public GameProfile? Find(string name) => List().FirstOrDefault(each => IsSame(each.Name, name));

    /// <summary>Keeps one of the user's own, in place of the one that is called the same.</summary>
    /// <exception cref="SettingsException">It cannot be kept; the message says what is wrong with it.</exception>
    public GameProfile Put(GameProfile profile)
    {
        if (FaultOf(profile) is { } fault)
            throw new SettingsException(fault);
        return file.Change(connection =>
        {
            using var remove = new Statement(connection, "DELETE FROM profile WHERE name = $0");
            remove.Run(profile.Name.Trim());
            if (connection.ReadLong("SELECT count(*) FROM profile") >= Most)
                throw new SettingsException(Text($"There are {Most} profiles of your own, and no place for more."));
            using var put = new Statement(
                connection, "INSERT INTO profile (name, game, ports, mtu) VALUES ($0, $1, $2, $3)");
            put.Run(profile.Name.Trim(), profile.Game.Trim(), profile.Ports.ToString(), profile.Mtu);
            return profile with { Name = profile.Name.Trim(), Game = profile.Game.Trim(), IsBuiltIn = false };
        });
    }

    /// <summary>Removes one of the user's own; a built-in one that it stood in the place of is back then.</summary>
    /// <exception cref="SettingsException">There is none, or it is built in.</exception>
    public void Remove(string name)
    {
        var isGone = file.Change(connection =>
        {
            using var remove = new Statement(connection, "DELETE FROM profile WHERE name = $0");
            return remove.Run(name.Trim()) > 0;
        });
        if (!isGone)
            throw new SettingsException(Find(name) is { } builtIn
                ? $"The profile '{builtIn.Name}' comes with the program, and cannot be removed. One of your own that "
                    + "is called the same takes its place."
                : $"There is no profile '{name}'.");
    }

    /// <summary>The user's own.</summary>
    public IReadOnlyList<GameProfile> ListOwn() => List().Where(each => !each.IsBuiltIn).ToList();

    /// <summary>What is wrong with a profile; null for nothing.</summary>
    internal static string? FaultOf(GameProfile profile) =>
        Plain.Text(profile.Name, GameProfile.LongestName) is null
            ? Text($"A profile's name is a text of 1 to {GameProfile.LongestName} characters, not '{profile.Name}'.")
        : Plain.Text(profile.Game, GameProfile.LongestGame) is null
            ? Text($"A profile's game is a text of 1 to {GameProfile.LongestGame} characters, not '{profile.Game}'.")
        : profile.Mtu is < 1280 or > 1420
            ? Text($"A profile's mtu is a whole number from 1280 to 1420, not '{profile.Mtu}'.")
        : null;

    /// <summary>What ports are, for whoever gave others.</summary>
    internal static string FaultOfPorts(string? text) => Text($"A profile's ports are 1 to 65535 and ranges of them, ")
        + Text($"at most {PortSet.MostRanges}, such as 2300-2400,47624, not '{text}'.");

    internal static IEnumerable<string> FindFaults(SqliteConnection connection)
    {
        using var all = new Statement(connection, "SELECT name, ports FROM profile");
        return all.All(row => (Name: row.GetString(0), Ports: row.GetString(1)))
            .Where(row => !PortSet.TryParse(row.Ports, out _))
            .Select(row => $"The profile '{row.Name}' cannot be used. {FaultOfPorts(row.Ports)}");
    }

    private static List<GameProfile?> ReadOwn(SqliteConnection connection)
    {
        using var all = new Statement(connection, "SELECT name, game, ports, mtu FROM profile");
        // Null for one that something else has written; a check tells.
        return all.All(row => PortSet.TryParse(row.GetString(2), out var ports)
            ? new GameProfile(row.GetString(0), row.GetString(1), ports, row.IsDBNull(3) ? null : row.GetInt32(3))
            : null);
    }

    private static bool IsSame(string one, string other) =>
        string.Equals(one, other.Trim(), StringComparison.OrdinalIgnoreCase);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
