using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

internal enum Gain
{
    Wealth,
    Fuel,
}

internal enum Risk
{
    None,
    Health,
    Hull,
}

/// <summary>A task that somebody offers, done at another place.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Offer">What is asked.</param>
/// <param name="Task">What is to be done at the other place.</param>
/// <param name="Gain">What it pays in.</param>
/// <param name="Reward">And how much.</param>
/// <param name="Risk">What may be harmed in doing it.</param>
/// <param name="Token">The thing one is given to take along, which is handed in at the end.</param>
internal sealed record QuestType(
    string Id, string Name, string Offer, string Task, Gain Gain, int Reward, Risk Risk, string Token)
{
    public static readonly IReadOnlyList<QuestType> All =
    [
        new("rescue_mission", "Rescue Mission",
            "A mother asks you to fetch her daughter's crew, whose beacon fell silent.",
            "Life signs, faint. The wreck is hot with radiation.",
            Gain.Wealth, 300, Risk.Health, "distress_beacon"),
        new("artifact_hunt", "Artifact Hunt",
            "A collector holds out a key that is older than our sun, and names the door.",
            "The door stands open a hand's breadth. Something behind it still keeps watch.",
            Gain.Wealth, 500, Risk.Hull, "ancient_key"),
        new("fuel_expedition", "Fuel Expedition",
            "A prospector has found a gas pocket and needs somebody with a tank.",
            "The pocket glows. Its edge is calm enough to drink from.",
            Gain.Fuel, 50, Risk.None, "star_chart_fragment"),
        new("diplomatic_encounter", "Diplomatic Encounter",
            "A consul needs a message carried that must not be sent.",
            "The other side is waiting, and has guns trained on nobody in particular.",
            Gain.Wealth, 200, Risk.None, "star_chart_fragment"),
    ];

    private static readonly FrozenDictionary<string, QuestType> ById = All.ToFrozenDictionary(quest => quest.Id);

    public static QuestType Of(string id) => ById[id];
}
