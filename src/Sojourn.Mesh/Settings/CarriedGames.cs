namespace Sojourn.Mesh.Settings;

/// <summary>Whose broadcasts are carried, and the longest packet that goes with it.</summary>
/// <param name="Ports">The games' ports; null for no broadcasts.</param>
/// <param name="Mtu">The longest packet through the tunnel, in bytes.</param>
internal sealed record CarriedGames(PortSet? Ports, int Mtu)
{
    /// <summary>
    /// As was said, or else as was set: named games are carried alone, and the shortest packet that one of them needs
    /// holds; without names, all games are if the setting says so.
    /// </summary>
    /// <exception cref="SettingsException">There is no such game, or what is stored is no value.</exception>
    public static CarriedGames Of(MeshSettings settings, IReadOnlyList<string> names)
    {
        var named = names.Select(name => settings.Profiles.Find(name) ?? throw new SettingsException(
            $"There is no profile '{name}'. `sojourn party profiles` shows which there are, and makes others."))
            .ToList();
        var mtu = named.Min(each => each.Mtu) ?? settings.Get(MeshSetting.Mtu);
        var carried = named.Count > 0 ? named : settings.Get(MeshSetting.Broadcast) ? settings.Profiles.List() : [];
        return new(carried.Count == 0 ? null : PortSet.Join(carried.Select(each => each.Ports)), mtu);
    }
}
