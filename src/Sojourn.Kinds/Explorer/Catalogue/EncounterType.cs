using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>What comes of a choice. Amounts are added; what would fall below nothing stops there.</summary>
/// <param name="Weight">How likely, compared to the choice's other outcomes.</param>
/// <param name="Text">What the player reads.</param>
internal sealed record ChoiceOutcome(int Weight, string Text)
{
    public int Wealth { get; init; }

    public int Hull { get; init; }

    public int Fuel { get; init; }

    public int Health { get; init; }

    public int Food { get; init; }

    public string? Item { get; init; }

    public int Quantity { get; init; } = 1;

    public string? Enemy { get; init; }
}

/// <summary>One answer that an encounter takes. What it costs is paid at once.</summary>
internal sealed record ChoiceType(string Id, string Text, IReadOnlyList<ChoiceOutcome> Outcomes)
{
    public int Credits { get; init; }

    public int Fuel { get; init; }

    public int Food { get; init; }

    /// <summary>One of this item is used up.</summary>
    public string? Item { get; init; }
}

/// <summary>Something met on arrival that must be answered. The last answer is always free.</summary>
internal sealed record EncounterType(string Id, string Title, string Text, IReadOnlyList<ChoiceType> Choices)
{
    public static readonly IReadOnlyList<EncounterType> All =
    [
        new("drifting_freighter", "A drifting freighter", "A freighter turns slowly in the dark, its lights out. "
            + "A voice asks for help, once.",
        [
            new("help", "Give them fuel",
            [
                new(7, "Engines catch. They pay what they can, which is more than you thought.") { Wealth = 150 },
                new(3, "The voice was a recording. A scout drops out of the freighter's shadow.")
                {
                    Enemy = "pirate_scout",
                },
            ]) { Fuel = 10 },
            new("leave", "Fly on", [new(1, "The voice does not ask again.")]),
        ]),
        new("sealed_container", "A sealed container", "A container with no markings, cold on every band.",
        [
            new("open", "Open it",
            [
                new(5, "Packed in foam: something that was old when the stars were named.")
                    { Item = "alien_artifacts" },
                new(3, "Spare parts, neatly labelled.") { Item = "electronic_components", Quantity = 3 },
                new(4, "It was trapped. The hull rings like a bell.") { Hull = -12 },
            ]),
            new("leave", "Leave it be", [new(1, "Some boxes are best left shut.")]),
        ]),
        new("customs_patrol", "A customs patrol", "A patrol that may or may not be one wants to see papers, or "
            + "fifty credits.",
        [
            new("pay", "Pay", [new(1, "They wish you a pleasant flight.")]) { Credits = 50 },
            new("show_papers", "Show your papers",
            [
                new(6, "In order, to everybody's surprise."),
                new(4, "They were never from customs.") { Enemy = "pirate_raider" },
            ]),
        ]),
        new("ion_storm", "An ion storm", "A wall of violet light rolls towards the ship.",
        [
            new("push_through", "Push through",
            [
                new(1, "You come out on the other side, smoking.") { Hull = -10 },
                new(1, "You ride its edge. The collectors drink their fill.") { Fuel = 20 },
            ]),
            new("wait", "Wait it out", [new(1, "Two days of cold rations.") { Food = -8 }]),
        ]),
        new("stowaway", "A stowaway", "There is a child in the hold, who says she is very good with engines.",
        [
            new("feed", "Feed her and take her home",
            [
                new(1, "Her people pay for her passage.") { Wealth = 80 },
                new(1, "She was right. The engine has never run so well.") { Fuel = 15 },
            ]) { Food = 6 },
            new("drop_off", "Set her down here", [new(1, "She waves for a long time.")]),
        ]),
        new("old_probe", "An old probe", "A survey probe from before the war, still counting.",
        [
            new("decode", "Read its memory",
            [
                new(3, "Most of it can be read.") { Item = "data_cores", Quantity = 2 },
                new(1, "Its last order was to keep strangers off.") { Hull = -8 },
            ]),
            new("leave", "Let it count", [new(1, "Four billion and twelve, it says.")]),
        ]),
        new("sick_colony", "A sick colony", "A dome under a yellow flag. They ask for medicine, and for nothing else.",
        [
            new("give_medicine", "Give a med pack",
                [new(1, "They give you what they have kept for such a day.") { Item = "luxury_goods", Quantity = 2 }])
            {
                Item = "med_pack",
            },
            new("nurse", "Stay and nurse them",
            [
                new(1, "Most live. You are tired to the bone.") { Health = -15, Wealth = 120 },
                new(1, "You catch it too, but lightly.") { Health = -10, Wealth = 120 },
            ]),
            new("leave", "Keep your distance", [new(1, "You do not look back.")]),
        ]),
        new("travelling_trader", "A travelling trader", "A trader with a painted hull opens her hold to you.",
        [
            new("buy_fuel", "Buy a fuel cell", [new(1, "A fair price, out here.") { Item = "fuel_cells" }])
            {
                Credits = 70,
            },
            new("buy_food", "Buy food", [new(1, "Dried, salted, plentiful.") { Food = 25 }]) { Credits = 40 },
            new("chat", "Only talk", [new(1, "She tells you where not to go.")]),
        ]),
    ];

    private static readonly FrozenDictionary<string, EncounterType> ById = All.ToFrozenDictionary(each => each.Id);

    public static EncounterType? Find(string id) => ById.GetValueOrDefault(id);
}
