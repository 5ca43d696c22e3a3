using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Houses, towers and streets, with a light in some windows after dark.</summary>
internal static class Buildings
{
    public static void Skyline(Stage stage, double y, double height, int count, Colour colour)
    {
        var wide = Stage.Width / count;
        for (var i = 0; i < count; i++)
        {
            var x = i * wide + stage.Between(-6, 4);
            var w = wide * stage.Between(0.8, 1.15);
            var top = Math.Max(12, y - (height * stage.Between(0.45, 1.15)));
            stage.Svg.Add(
                $"<rect x=\"{x}\" y=\"{top}\" width=\"{w}\" height=\"{Stage.Height - top}\" "
                + $"fill=\"{colour.Mix(stage.Colours.Near, stage.Between(0, 0.2))}\"{stage.Colours.Outline(2)}/>");
            if (stage.Dice.Chance(0.3))
            {
                stage.Svg.Add(
                    $"<rect x=\"{x + (w * 0.45)}\" y=\"{top - 18}\" width=\"2.5\" height=\"18\" fill=\"{colour}\"/>");
            }

            Windows(stage, x + 5, top + 8, w - 10, y - top - 12, colour);
        }
    }

    public static void Street(Stage stage, double y)
    {
        var ground = stage.Colours.Ground;
        var bottom = Stage.Height;
        stage.Svg.Add(
            $"<path d=\"M{Stage.Width * 0.46} {y} L{Stage.Width * 0.54} {y} L{Stage.Width * 0.86} {bottom} "
            + $"L{Stage.Width * 0.14} {bottom} Z\" fill=\"{ground.Darker(0.3)}\"/>");
        for (var i = 0; i < 5; i++)
        {
            var share = (i + 0.3) / 5;
            var at = y + (share * share * (bottom - y));
            stage.Svg.Add(
                $"<rect x=\"{(Stage.Width / 2) - (1 + (share * 3))}\" y=\"{at}\" width=\"{2 + (share * 6)}\" "
                + $"height=\"{3 + (share * 16)}\" fill=\"{ground.Lighter(0.5)}\" opacity=\"0.7\"/>");
        }

        foreach (var (x, tall) in (ReadOnlySpan<(double, double)>)[(90, 210), (290, 110), (640, 110), (826, 210)])
        {
            var foot = y + (tall * 0.3);
            var head = foot - tall;
            var iron = stage.Colours.Shade;
            stage.Svg.Add(
                $"<circle cx=\"{x}\" cy=\"{head}\" r=\"{tall * 0.3}\" fill=\"url(#lamp)\" "
                + $"opacity=\"{(IsDark(stage) ? 0.8 : 0.15)}\"/>");
            stage.Svg.Add(
                $"<path d=\"M{x} {foot} V{head}\" stroke=\"{iron}\" stroke-width=\"{tall * 0.025}\"/><circle "
                + $"cx=\"{x}\" cy=\"{head}\" r=\"{tall * 0.045}\" fill=\"{stage.Colours.Lamp}\" stroke=\"{iron}\" "
                + $"stroke-width=\"2\"/>");
        }
    }

    public static void Houses(Stage stage, double y)
    {
        Colour[] walls = ["#d8c3a5", "#c9a78a", "#b8b5a6", "#d9b8a0", "#c7cdb8"];
        Colour[] roofs = ["#8c4a3a", "#6d4c41", "#5a5f66", "#7b3f3f"];
        for (var i = 0; i < 7; i++)
        {
            // The middle stays free for those whom the scene is about.
            var share = i / 6.0;
            var x = (share < 0.5 ? share * 620 : Stage.Width - 96 - ((1 - share) * 620)) + stage.Between(-14, 14);
            var away = 1 - (Math.Abs(share - 0.5) * 2);
            var size = 96 - (away * 42);
            House(stage, x, y + 18 - (away * 20), size, walls[stage.Dice.Next(walls.Length)],
                roofs[stage.Dice.Next(roofs.Length)]);
        }
    }

    public static void House(Stage stage, double x, double y, double size, Colour wall, Colour roof)
    {
        var svg = stage.Svg;
        var shading = Math.Min(0.75, stage.Colours.Shading + (stage.Colours.IsCartoon ? 0 : 0.05));
        wall = wall.Mix(stage.Colours.Near, shading);
        roof = roof.Mix(stage.Colours.Near, shading * 0.9);
        var h = size * 0.62;
        svg.Add(
            $"<rect x=\"{x + (size * 0.68)}\" y=\"{y - h - (size * 0.42)}\" width=\"{size * 0.12}\" "
            + $"height=\"{size * 0.34}\" fill=\"{roof.Darker(0.2)}\"{stage.Colours.Outline(2)}/>");
        svg.Add(
            $"<rect x=\"{x}\" y=\"{y - h}\" width=\"{size}\" height=\"{h}\" "
            + $"fill=\"{wall}\"{stage.Colours.Outline(2.5)}/>");
        svg.Add(
            $"<path d=\"M{x - (size * 0.1)} {y - h} L{x + (size * 0.5)} {y - h - (size * 0.44)} L{x + (size * 1.1)} "
            + $"{y - h} Z\" fill=\"{roof}\"{stage.Colours.Outline(2.5)}/>");
        svg.Add(
            $"<rect x=\"{x + (size * 0.4)}\" y=\"{y - (h * 0.55)}\" width=\"{size * 0.2}\" height=\"{h * 0.55}\" "
            + $"fill=\"{roof.Darker(0.25)}\"/>");
        foreach (var side in (ReadOnlySpan<double>)[0.12, 0.7])
        {
            var isLit = IsDark(stage) && stage.Dice.Chance(0.7);
            svg.Add(
                $"<rect x=\"{x + (size * side)}\" y=\"{y - (h * 0.75)}\" width=\"{size * 0.18}\" "
                + $"height=\"{h * 0.3}\" "
                + $"fill=\"{(isLit ? stage.Colours.Lamp : wall.Darker(0.45))}\"{stage.Colours.Outline(2)}/>");
        }
    }

    public static bool IsDark(Stage stage) =>
        stage.Brief.Hour is Hour.Night or Hour.Dusk || stage.Brief.Weather == Weather.Storm;

    private static void Windows(Stage stage, double x, double y, double width, double height, Colour wall)
    {
        for (var row = 0.0; row < Math.Min(height, 190); row += 13)
        {
            for (var column = 0.0; column + 5 < width; column += 10)
            {
                if (stage.Dice.Chance(0.45))
                {
                    var isLit = IsDark(stage) && stage.Dice.Chance(0.55);
                    stage.Svg.Add(
                        $"<rect x=\"{x + column}\" y=\"{y + row}\" width=\"5\" height=\"7\" "
                        + $"fill=\"{(isLit ? stage.Colours.Lamp : wall.Darker(0.22))}\" "
                        + $"opacity=\"{(isLit ? 0.85 : 0.6)}\"/>");
                }
            }
        }
    }
}
