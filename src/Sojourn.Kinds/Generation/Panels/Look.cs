using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

internal enum Hair
{
    Short,
    Long,
    Bun,
    Curly,
    Bald,
    Cap,
    Hood,
    Brim,
}

/// <summary>What somebody looks like: it follows from the name alone, so that it is the same in every scene.</summary>
internal sealed record Look(Colour Coat, Colour Legs, Colour Skin, Colour HairColour, Hair Hair, bool HasLongCoat,
    bool HasBeard, double Height)
{
    public static Look Of(string name, Palette colours)
    {
        var dice = new Dice(PanelBrief.Hash(name));
        var lower = " " + name.ToLowerInvariant() + " ";
        Colour[] coats = ["#b5483a", "#2f6f8f", "#d9a441", "#4c7a4f", "#7b4f86", "#c46a8a", "#3d4f6d", "#a8623a"];
        Colour[] legs = ["#3b3f4c", "#54473d", "#2f3d4a", "#4a4050"];
        Colour[] skins = ["#f1c9a5", "#d9a57c", "#b97f56", "#8a5a3b", "#e8b48c", "#6b4630"];
        Colour[] hairs = ["#2b211c", "#5a3a22", "#8a5a2b", "#c99a4a", "#9a3f24", "#1d1b24"];
        // A name does not tell whose hair is long; these suit anybody.
        Hair[] everyday = [Hair.Short, Hair.Curly, Hair.Long, Hair.Short];
        var isOld = Has(lower, "old ", "grand", "elder", "widow", "wizard");
        var isWoman = Has(lower, "mother", "grandma", "granny", "aunt ", "widow", "mrs", "miss", "lady", "queen",
            "sister");
        var isChild = Has(lower, "girl", "boy", "child", "little", "apprentice");
        var hair = Has(lower, "captain", "sailor", "keeper", "pilot", "driver", "postman", "ferryman", "boatman",
            "chief") ? Hair.Cap
            : Has(lower, "wizard", "witch", "hunter", "detective", "inspector", "farmer") ? Hair.Brim
            : Has(lower, "stranger", "monk", "ghost", "thief") ? Hair.Hood
            : isWoman ? (dice.Chance(0.5) ? Hair.Bun : Hair.Long)
            : isOld && dice.Chance(0.4) ? Hair.Bald
            : everyday[dice.Next(everyday.Length)];
        var shade = colours.Shading;
        return new Look(
            Toned(coats[dice.Next(coats.Length)], shade),
            Toned(legs[dice.Next(legs.Length)], shade),
            Toned(skins[dice.Next(skins.Length)], shade * 0.75),
            Toned(isOld ? "#d6d3cd" : hairs[dice.Next(hairs.Length)], shade),
            hair,
            dice.Chance(0.5),
            !isWoman && !isChild && dice.Chance(isOld ? 0.6 : hair is Hair.Bald or Hair.Cap ? 0.45 : 0),
            isChild ? 0.72 : 0.94 + (dice.NextFraction() * 0.12));

        Colour Toned(Colour colour, double share) => colour.Mix(colours.Shade, share);
    }

    private static bool Has(string name, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (name.Contains(part, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
