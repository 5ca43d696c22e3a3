namespace Sojourn.Kinds.Explorer.Map;

/// <summary>Names for places.</summary>
internal static class StarNames
{
    private static readonly string[] First =
    [
        "Aldebar", "Bel", "Cass", "Dorn", "Ery", "Fen", "Gal", "Hesp", "Ith", "Jun", "Kel", "Lyr", "Mar", "Neth", "Or",
        "Pell", "Quar", "Rho", "Sel", "Tav", "Umbr", "Vesp", "Wyr", "Xan", "Ys", "Zeph",
    ];

    private static readonly string[] Last =
        ["ia", "on", "ara", "eth", "is", "une", "ax", "or", "ine", "os", "el", "ane", "ith", "ur", "ea", "yx"];

    public static string Of(string nodeType, Dice dice)
    {
        var name = First[dice.Next(First.Length)] + Last[dice.Next(Last.Length)];
        return nodeType switch
        {
            "station" => $"{name} Station",
            "anomaly" => $"{name} Anomaly",
            "wormhole" => $"{name} Gate",
            "asteroid_field" => $"{name} Belt",
            "derelict" => $"Wreck of the {name}",
            _ => name,
        };
    }
}
