using System.Globalization;
using Sojourn.Sqlite;

namespace Sojourn.Mesh.Settings;

/// <summary>Favourite servers of games.</summary>
internal sealed class ServerTable(SettingsFile file)
{
    public const int Most = 500;

    /// <summary>By name.</summary>
    public IReadOnlyList<FavoriteServer> List() => file.Read(connection =>
    {
        using var all = new Statement(connection, "SELECT name, game, address FROM server ORDER BY name");
        return all.All(row => new FavoriteServer(row.GetString(0), row.GetString(1), row.GetString(2)));
    });

    /// <summary>One of them; null if there is none of that name.</summary>
    public FavoriteServer? Find(string name) => List().FirstOrDefault(each =>
        string.Equals(each.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Keeps one, in place of the one that is called the same.</summary>
    /// <exception cref="SettingsException">It cannot be kept; the message says what is wrong with it.</exception>
    public FavoriteServer Put(FavoriteServer server)
    {
        if (FaultOf(server) is { } fault)
            throw new SettingsException(fault);
        var kept = new FavoriteServer(server.Name.Trim(), server.Game.Trim(), server.Address.Trim());
        return file.Change(connection =>
        {
            using var remove = new Statement(connection, "DELETE FROM server WHERE name = $0");
            remove.Run(kept.Name);
            if (connection.ReadLong("SELECT count(*) FROM server") >= Most)
                throw new SettingsException(Text($"There are {Most} favourite servers, and no place for more."));
            using var put = new Statement(connection, "INSERT INTO server (name, game, address) VALUES ($0, $1, $2)");
            put.Run(kept.Name, kept.Game, kept.Address);
            return kept;
        });
    }

    /// <summary>Removes one.</summary>
    /// <exception cref="SettingsException">There is none.</exception>
    public void Remove(string name)
    {
        var isGone = file.Change(connection =>
        {
            using var remove = new Statement(connection, "DELETE FROM server WHERE name = $0");
            return remove.Run(name.Trim()) > 0;
        });
        if (!isGone)
            throw new SettingsException($"There is no favourite server '{name}'.");
    }

    /// <summary>What is wrong with one; null for nothing.</summary>
    internal static string? FaultOf(FavoriteServer server) =>
        Plain.Text(server.Name, FavoriteServer.LongestName) is null
            ? Text($"A server's name is a text of 1 to {FavoriteServer.LongestName} characters, not '{server.Name}'.")
        : server.Game.Trim().Length > 0 && Plain.Text(server.Game, FavoriteServer.LongestGame) is null
            ? Text($"A server's game is a text of at most {FavoriteServer.LongestGame} characters, ")
                + $"not '{server.Game}'."
        : !Plain.IsPlace(server.Address.Trim(), needsPort: false)
            ? $"A server's address is HOST or HOST:PORT, not '{server.Address}'."
        : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
