using System.Collections.Frozen;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Those in a story who go on four legs, or fly, or are made of metal.</summary>
internal static class Creature
{
    private static readonly FrozenSet<string> Beasts =
        Lexicon.Set("dragon fox wolf dog cat bear horse owl raven robot");

    public static bool IsCalled(string name) => Beasts.Contains(KindOf(name));

    /// <param name="stage">Where to draw.</param>
    /// <param name="name">"the fox".</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="tall">How tall, in pixels.</param>
    /// <param name="facing">1 looks right, -1 left.</param>
    public static void Draw(Stage stage, string name, (double X, double Y) at, double tall, int facing)
    {
        var kind = KindOf(name);
        var scale = tall * (kind switch
        {
            "cat" or "owl" or "raven" => 0.5,
            "fox" or "dog" or "wolf" =>
            0.75,
            "dragon" => 1.5,
            "robot" => 1.3,
            _ => 1.15
        }) / 60;
        Colour colour = kind switch
        {
            "fox" => "#c8622d",
            "wolf" or "robot" => "#8a929c",
            "dragon" => "#4c8a5a",
            "horse" or "bear" => "#6b4630",
            "owl" => "#9a7a52",
            "raven" => "#23242c",
            "cat" => "#4a4550",
            _ => "#a8763f",
        };
        var fur = stage.Colours.Toned(colour);
        var line = stage.Colours.Ink is { } ink ? $" stroke=\"{ink}\" stroke-width=\"1.8\" stroke-linejoin=\"round\""
            : "";
        stage.Svg.Add(
            $"<ellipse cx=\"{at.X}\" cy=\"{at.Y}\" rx=\"{tall * 0.6}\" ry=\"{tall * 0.06}\" "
            + $"fill=\"{stage.Colours.Shade}\" opacity=\"0.4\"/>");
        stage.Svg.Add($"<g transform=\"translate({at.X} {at.Y}) scale({scale * facing} {scale})\">");
        switch (kind)
        {
            case "owl" or "raven":
                stage.Svg.Add(
                    $"<path d=\"M-12 0 Q-18 -34 -6 -50 L-4 -56 L0 -52 L6 -56 L8 -50 Q18 -34 10 0 L14 4 L-2 -2 Z\" "
                    + $"fill=\"{fur}\"{line}/><path d=\"M-12 -8 Q-14 -30 -6 -36 Q-2 -20 -4 -4 Z\" "
                    + $"fill=\"{fur.Darker(0.3)}\"/><circle cx=\"6\" cy=\"-46\" r=\"3\" "
                    + $"fill=\"{stage.Colours.Lamp}\"/><circle cx=\"6\" cy=\"-46\" r=\"1.3\" fill=\"#111111\"/><path "
                    + $"d=\"M10 -45 l6 3 l-6 2 Z\" fill=\"{stage.Colours.Lamp}\"/>");
                break;
            case "robot":
                stage.Svg.Add(
                    $"<path d=\"M-9 0 V-20 M9 0 V-20 M-14 -42 L-24 -26 M14 -42 L24 -30\" "
                    + $"stroke=\"{fur.Darker(0.3)}\" stroke-width=\"6\" stroke-linecap=\"round\"/><rect x=\"-15\" "
                    + $"y=\"-50\" width=\"30\" height=\"32\" rx=\"5\" fill=\"{fur}\"{line}/><rect x=\"-12\" y=\"-74\" "
                    + $"width=\"24\" height=\"20\" rx=\"5\" fill=\"{fur.Lighter(0.15)}\"{line}/><circle cx=\"-3\" "
                    + $"cy=\"-64\" r=\"3\" fill=\"{stage.Colours.Lamp}\"/><circle cx=\"7\" cy=\"-64\" r=\"3\" "
                    + $"fill=\"{stage.Colours.Lamp}\"/><path d=\"M0 -74 v-9\" stroke=\"{fur.Darker(0.3)}\" "
                    + $"stroke-width=\"2\"/><circle cy=\"-84\" r=\"2.6\" fill=\"{stage.Colours.Lamp}\"/>");
                break;
            default:
                DrawBeast(stage, kind, fur, line);
                break;
        }

        stage.Svg.Add($"</g>");
    }

    private static void DrawBeast(Stage stage, string kind, Colour fur, string line)
    {
        if (kind == "dragon")
        {
            stage.Svg.Add(
                $"<path d=\"M-6 -34 Q-30 -92 -52 -86 Q-40 -74 -44 -60 Q-32 -62 -30 -48 Q-20 -50 -10 -32 Z\" "
                + $"fill=\"{fur.Darker(0.25)}\"{line}/>");
        }

        var tail = kind switch
        {
            "fox" => "M-28 -24 Q-52 -30 -54 -10 Q-42 -2 -28 -18 Z",
            "dragon" => "M-26 -26 Q-52 -16 -60 -34 Q-54 -6 -26 -14 Z",
            "horse" => "M-28 -30 Q-42 -22 -38 -4 Q-32 -12 -26 -22 Z",
            _ => "M-27 -28 Q-44 -42 -46 -30 Q-40 -24 -27 -20 Z",
        };
        stage.Svg.Add($"<path d=\"{tail}\" fill=\"{fur}\"{line}/>");
        stage.Svg.Add(
            $"<path d=\"M-22 -16 L-24 0 M-12 -14 L-11 0 M16 -14 L15 0 M24 -16 L26 0\" stroke=\"{fur.Darker(0.2)}\" "
            + $"stroke-width=\"6\" stroke-linecap=\"round\"/>");
        stage.Svg.Add(
            $"<path d=\"M-30 -22 Q-28 -36 -8 -33 Q10 -31 20 -38 L34 -54 Q44 -60 48 -50 L60 -43 Q58 -37 46 -38 Q36 "
            + $"-30 32 -18 Q24 -8 -20 -11 Q-30 -12 -30 -22 Z\" fill=\"{fur}\"{line}/>");
        stage.Svg.Add(
            $"<path d=\"M33 -52 L31 -67 L40 -57 Z M40 -56 L42 -69 L47 -54 Z\" fill=\"{fur.Darker(0.15)}\"{line}/>"
            + $"<circle cx=\"45\" cy=\"-48\" r=\"1.7\" "
            + $"fill=\"{(kind == "dragon" ? stage.Colours.Lamp : stage.Colours.Shade)}\"/>");
    }

    private static string KindOf(string name)
    {
        var at = name.LastIndexOf(' ');
        return name[(at + 1)..].ToLowerInvariant();
    }
}
