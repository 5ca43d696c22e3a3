namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>
/// A sort of region. Its danger, wealth and repair describe it; a place's own figures are what counts.
/// </summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Danger">How dangerous it is said to be, 0 to 1.</param>
/// <param name="Wealth">How wealthy.</param>
/// <param name="Repair">How likely a yard is said to be near.</param>
/// <param name="Mood">What a client may play there.</param>
/// <param name="Places">What lies there first; beyond these anything.</param>
/// <param name="TradeDemand">What trade goods are worth there; as the next two.</param>
/// <param name="ConsumableDemand">As <paramref name="TradeDemand"/>.</param>
/// <param name="ComponentDemand">As <paramref name="TradeDemand"/>.</param>
internal sealed record RegionType(
    string Id, string Name, double Danger, double Wealth, double Repair, string Mood, IReadOnlyList<string> Places,
    double TradeDemand, double ConsumableDemand, double ComponentDemand)
{
    public static readonly IReadOnlyList<RegionType> All =
    [
        new("core_worlds", "Core Worlds", 0.1, 1.5, 0.9, "station", ["planet", "station"], 1.2, 0.9, 1.1),
        new("frontier", "Frontier", 0.6, 1.2, 0.4, "danger", ["planet", "asteroid_field", "station"], 1.0, 1.2, 0.9),
        new("nebula_fields", "Nebula Fields", 0.4, 1.0, 0.5, "exploration", ["anomaly", "asteroid_field"],
            0.9, 1.1, 1.0),
        new("void_space", "Void Space", 0.8, 0.8, 0.1, "danger", ["wormhole", "derelict", "anomaly"], 1.1, 1.3, 1.2),
        new("ancient_sectors", "Ancient Sectors", 0.5, 1.8, 0.2, "exploration", ["derelict", "anomaly", "planet"],
            0.8, 1.2, 1.3),
    ];

    public double Demand(ItemCategory category) => category switch
    {
        ItemCategory.Consumable => ConsumableDemand,
        ItemCategory.Component => ComponentDemand,
        _ => TradeDemand,
    };
}

/// <summary>A sort of place.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="RepairChance">How likely it has a yard.</param>
/// <param name="TradeChance">How likely it has a market.</param>
/// <param name="Danger">The chance of damage on arrival; a quarter of it is the chance of a fight.</param>
internal sealed record NodeType(string Id, string Name, double RepairChance, double TradeChance, double Danger)
{
    public const string AsteroidField = "asteroid_field";
    public const string Derelict = "derelict";
    public const string Wormhole = "wormhole";

    public static readonly IReadOnlyList<NodeType> All =
    [
        new("planet", "Planet", 0.7, 0.8, 0.2),
        new("station", "Station", 1, 1, 0.1),
        new("anomaly", "Anomaly", 0, 0, 0.8),
        new(Wormhole, "Wormhole", 0, 0, 0.5),
        new(AsteroidField, "Asteroid field", 0.2, 0.4, 0.6),
        new(Derelict, "Derelict", 0.1, 0.2, 0.7),
    ];

    public static NodeType Of(string id) => All.First(type => type.Id == id);
}

/// <summary>What a market is known for.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Chance">How many markets are of this sort.</param>
/// <param name="Prices">Multiplies the prices of all goods.</param>
/// <param name="ComponentPrices">And those of components, in place of the former.</param>
internal sealed record MarketType(string Id, string Name, double Chance, double Prices, double ComponentPrices)
{
    public static readonly IReadOnlyList<MarketType> All =
    [
        new("market", "Market", 0.6, 1.0, 1.0),
        new("trading_post", "Trading post", 0.25, 1.2, 1.2),
        new("industrial", "Industrial yard", 0.15, 1.0, 1.3),
    ];

    public static MarketType Roll(Dice dice)
    {
        var at = dice.NextFraction();
        return at < All[1].Chance ? All[1] : at < All[1].Chance + All[2].Chance ? All[2] : All[0];
    }

    public double PriceOf(ItemCategory category) => category == ItemCategory.Component ? ComponentPrices : Prices;
}
