using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>What every part of a panel draws with: where to, in which colours, and what chance has decided.</summary>
internal sealed class Stage(PanelBrief brief)
{
    /// <summary>The picture's size; the caption has its own place below.</summary>
    public const double Width = 920;

    public const double Height = 400;

    public PanelBrief Brief { get; } = brief;

    public Svg Svg { get; } = new();

    public Dice Dice { get; } = new(brief.Seed);

    public Palette Colours { get; } = Palette.For(brief.Style, brief.Hour, brief.Weather, brief.Setting);

    /// <summary>Where sky and ground meet: low if the camera looks up, high if it looks down.</summary>
    public double Horizon { get; } = brief.Shot switch
    {
        Shot.LowAngle => 322,
        Shot.HighAngle => 150,
        Shot.Establishing => 268,
        Shot.Wide => 256,
        Shot.CloseUp => 290,
        _ => 276,
    };

    /// <summary>The side that the light comes from: 1 is right, -1 left.</summary>
    public int LightSide { get; } = (brief.Seed & 1) == 0 ? 1 : -1;

    /// <summary>True for what the prompt mentions.</summary>
    public bool Shows(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Brief.Words.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    public double Between(double least, double most) => least + (Dice.NextFraction() * (most - least));
}
