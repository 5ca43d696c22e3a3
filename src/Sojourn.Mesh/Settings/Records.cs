namespace Sojourn.Mesh.Settings;

/// <summary>A setting as it stands.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Text">What holds.</param>
/// <param name="ChangedAt">When it was set; null if it is as it comes.</param>
/// <param name="Fault">Why what is stored cannot be used; null if it can.</param>
internal sealed record SettingValue(Setting Setting, string Text, DateTimeOffset? ChangedAt, string? Fault);

/// <summary>Where this machine sits.</summary>
/// <param name="Url">The party's server.</param>
/// <param name="Party">The party's id.</param>
/// <param name="PartyName">What the party is called.</param>
/// <param name="Seat">Which seat: <c>handle/member</c>.</param>
/// <param name="Member">Its member's id.</param>
/// <param name="Address">Its address in the party's network.</param>
/// <param name="JoinedAt">When it was last taken.</param>
internal sealed record KeptSeat(
    Uri Url, string Party, string PartyName, string Seat, string Member, string Address, DateTimeOffset JoinedAt);

/// <summary>What a game needs of a party's network.</summary>
/// <param name="Name">What it is called; 1 to 32 characters, in which case does not count.</param>
/// <param name="Game">The game; 1 to 64 characters.</param>
/// <param name="Ports">The UDP ports whose broadcasts and multicasts are carried.</param>
/// <param name="Mtu">The longest packet through the tunnel, 1280 to 1420; null for the setting's.</param>
internal sealed record GameProfile(string Name, string Game, PortSet Ports, int? Mtu = null)
{
    public const int LongestName = 32, LongestGame = 64;

    /// <summary>It comes with the program, and cannot be removed.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>Those that come with the program.</summary>
    public static IReadOnlyList<GameProfile> BuiltIn { get; } =
    [
        New("age-of-empires-2", "Age of Empires II", "2300-2400,47624"),
        New("minecraft-bedrock", "Minecraft, Bedrock", "19132"),
        New("minecraft-lan", "Minecraft, Java", "4445"),
        New("quake-3", "Quake III Arena", "27960-27963"),
        New("source", "Half-Life, Counter-Strike and others of Source", "27015-27020"),
        New("starcraft", "StarCraft", "6111-6112"),
        New("unreal-tournament", "Unreal Tournament", "7777-7787,8777-8786"),
        New("warcraft-3", "Warcraft III", "6112"),
    ];

    private static GameProfile New(string name, string game, string ports) =>
        new(name, game, PortSet.Parse(ports)) { IsBuiltIn = true };
}

/// <summary>A server of a game that somebody likes to come back to.</summary>
/// <param name="Name">What it is called; 1 to 64 characters, in which case does not count.</param>
/// <param name="Game">The game; 1 to 64 characters, or empty.</param>
/// <param name="Address"><c>HOST</c> or <c>HOST:PORT</c>.</param>
internal sealed record FavoriteServer(string Name, string Game, string Address)
{
    public const int LongestName = 64, LongestGame = 64;
}
