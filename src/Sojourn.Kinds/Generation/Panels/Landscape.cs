using System.Globalization;
using System.Text;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>What lies between the horizon and the figures, layer by layer towards us.</summary>
internal static class Landscape
{
    public static void Draw(Stage stage)
    {
        var y = stage.Horizon;
        var colours = stage.Colours;
        switch (stage.Brief.Setting)
        {
            case Setting.Forest:
                Ridge(stage, y - 40, 34, 7, colours.Far, smooth: true);
                Trees.Row(stage, y - 4, 22, 74, colours.Far.Mix(colours.Mid, 0.5));
                Trees.Row(stage, y + 8, 13, 132, colours.Mid);
                Ground(stage, y);
                Trees.Row(stage, y + 34, 6, 230, colours.Near, keepMiddleFree: true);
                break;
            case Setting.Coast:
                Sea(stage, y - 12);
                Ridge(stage, y - 26, 26, 6, colours.Far, smooth: true, fromSide: -stage.LightSide);
                Cliff(stage, y);
                break;
            case Setting.Sea:
                Sea(stage, y);
                Deck(stage);
                break;
            case Setting.City:
                Buildings.Skyline(stage, y + 6, 150, 26, colours.Far);
                Buildings.Skyline(stage, y + 14, 110, 15, colours.Mid);
                Ground(stage, y + 8);
                Buildings.Street(stage, y + 8);
                break;
            case Setting.Village:
                Ridge(stage, y - 44, 40, 5, colours.Far, smooth: true);
                Ridge(stage, y - 14, 26, 4, colours.Mid, smooth: true);
                Ground(stage, y);
                Buildings.Houses(stage, y + 14);
                break;
            case Setting.Mountains:
                Peaks(stage, y, 190, colours.Far);
                Peaks(stage, y + 4, 110, colours.Mid);
                Ground(stage, y);
                Trees.Row(stage, y + 16, 12, 52, colours.Near);
                break;
            case Setting.Desert:
                Ridge(stage, y - 34, 36, 4, Sand(colours.Far).Mix(colours.Shade, colours.Shading * 0.5), smooth: true);
                Ridge(stage, y - 2, 30, 3, Sand(colours.Mid).Mix(colours.Shade, colours.Shading * 0.65), smooth: true);
                Ridge(stage, y + 40, 26, 3, Sand(colours.Ground)
                    .Mix(colours.Shade, colours.Shading * 0.5), smooth: true);
                Cacti(stage, y + 20);
                break;
            case Setting.Space:
                Ridge(stage, y - 4, 22, 12, colours.Mid, smooth: false);
                Ground(stage, y + 8);
                Craters(stage, y + 30);
                break;
            default:
                Ridge(stage, y - 50, 38, 6, colours.Far, smooth: true);
                Ridge(stage, y - 18, 30, 4, colours.Mid, smooth: true);
                Trees.Row(stage, y + 4, 9, 46, colours.Near);
                Ground(stage, y);
                break;
        }
    }

    /// <summary>The ground we stand on, darker towards us, with grass or pebbles.</summary>
    public static void Ground(Stage stage, double y)
    {
        var ground = stage.Colours.Ground;
        stage.Svg.Add(
            $"<linearGradient id=\"ground\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" "
            + $"stop-color=\"{ground.Lighter(0.12)}\"/><stop offset=\"1\" stop-color=\"{ground.Darker(0.35)}\"/>"
            + $"</linearGradient>");
        stage.Svg.Add(
            $"<path d=\"M0 {y + 6} Q{Stage.Width * 0.3} {y - 8} {Stage.Width * 0.55} {y + 3} T{Stage.Width} {y - 2} "
            + $"V{Stage.Height} H0 Z\" fill=\"url(#ground)\"{stage.Colours.Outline(2.5)}/>");
        for (var i = 0; i < 42; i++)
        {
            var at = y + 14 + (Math.Pow(stage.Dice.NextFraction(), 0.8) * (Stage.Height - y - 14));
            var near = (at - y) / (Stage.Height - y);
            stage.Svg.Add(
                $"<path d=\"M{stage.Between(0, Stage.Width)} {at} q{4 + (near * 10)} -{2 + (near * 5)} "
                + $"{8 + (near * 26)} 0\" fill=\"none\" stroke=\"{ground.Darker(0.45)}\" "
                + $"stroke-width=\"{0.8 + near}\" opacity=\"0.5\"/>");
        }
    }

    public static void Ridge(Stage stage, double y, double height, int bumps, Colour colour, bool smooth,
        int fromSide = 0)
    {
        var path = new StringBuilder();
        var step = Stage.Width / bumps;
        var last = y - stage.Between(0, height);
        path.Append(CultureInfo.InvariantCulture, $"M-10 {Stage.Height} V{last:0.#}");
        for (var i = 0; i <= bumps; i++)
        {
            var fall = fromSide == 0 ? 1 : Math.Clamp(1.2 - ((fromSide > 0 ? bumps - i : i) * 1.6 / bumps), 0, 1);
            var next = y + (fromSide == 0 ? 0 : 40 * (1 - fall)) - (stage.Between(0, height) * fall);
            var x = (i + 0.5) * step;
            path.Append(smooth
                ? string.Create(CultureInfo.InvariantCulture,
                $" S{x - (step * 0.45):0.#} {next:0.#} {x:0.#} {next:0.#}")
                : string.Create(CultureInfo.InvariantCulture, $" L{x:0.#} {next:0.#}"));
        }

        stage.Svg.Add(
            $"<path d=\"{path.ToString()} L{Stage.Width + 20} {y} V{Stage.Height} Z\" "
            + $"fill=\"{colour}\"{stage.Colours.Outline(2)}/>");
    }

    private static void Peaks(Stage stage, double y, double height, Colour colour)
    {
        var x = stage.Between(-120, -20);
        while (x < Stage.Width)
        {
            var half = stage.Between(0.75, 1.25) * height * 0.75;
            var top = Math.Max(14, y - (stage.Between(0.6, 1) * height));
            var tip = x + half + stage.Between(-18, 18);
            var rise = y - top;
            var side = stage.LightSide;
            stage.Svg.Add(
                $"<path d=\"M{x} {y + 20} L{tip} {top} L{x + (half * 2)} {y + 20} Z\" "
                + $"fill=\"{colour}\"{stage.Colours.Outline(2.5)}/>");
            stage.Svg.Add(
                $"<path d=\"M{tip} {top} L{tip - (side * half * 0.95)} {y + 20} L{tip - (side * half * 0.1)} "
                + $"{y + 20} L{tip + (side * half * 0.12)} {top + (rise * 0.5)} Z\" fill=\"{colour.Darker(0.25)}\" "
                + $"opacity=\"0.7\"/>");
            var snow = rise * 0.26;
            var wide = snow * half / (rise + 20);
            stage.Svg.Add(
                $"<path d=\"M{tip} {top} l{-wide} {snow} l{wide * 0.6} {-snow * 0.25} l{wide * 0.45} {snow * 0.35} "
                + $"l{wide * 0.4} {-snow * 0.3} l{wide * 0.55} {snow * 0.2} Z\" "
                + $"fill=\"{stage.Colours.Light.Mix(colour, 0.25)}\" opacity=\"0.9\"/>");
            x += half * stage.Between(0.9, 1.4);
        }
    }

    private static void Sea(Stage stage, double y)
    {
        var water = stage.Colours.Water;
        stage.Svg.Add(
            $"<linearGradient id=\"sea\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" "
            + $"stop-color=\"{water.Mix(stage.Colours.SkyLow, 0.45)}\"/><stop offset=\"1\" "
            + $"stop-color=\"{water.Darker(0.4)}\"/></linearGradient>");
        stage.Svg.Add($"<rect y=\"{y}\" width=\"{Stage.Width}\" height=\"{Stage.Height - y}\" fill=\"url(#sea)\"/>");
        var isRough = stage.Brief.Weather == Weather.Storm;
        for (var line = 0; line < 14; line++)
        {
            var at = y + 6 + (line * line * 0.85);
            var near = 0.4 + (line * 0.13);
            var crest = (isRough ? 9 : 3) * near;
            for (var x = stage.Between(-60, 0); x < Stage.Width; x += stage.Between(60, 150) * near)
            {
                stage.Svg.Add(
                    $"<path d=\"M{x} {at} q{14 * near} {-crest} {28 * near} 0 t{28 * near} 0\" fill=\"none\" "
                    + $"stroke=\"{water.Lighter(0.5)}\" stroke-width=\"{0.8 + near}\" "
                    + $"opacity=\"{(isRough ? 0.55 : 0.38)}\" stroke-linecap=\"round\"/>");
            }
        }

        // The light lies on the water as a broken path.
        var centre = (Stage.Width / 2) + (stage.LightSide * 240);
        for (var glint = 0; glint < 12; glint++)
        {
            var half = stage.Between(6, 16 + (glint * 3));
            stage.Svg.Add(
                $"<rect x=\"{centre - half + stage.Between(-8, 8)}\" y=\"{y + 4 + (glint * 7)}\" "
                + $"width=\"{half * 2}\" height=\"2\" rx=\"1\" fill=\"{stage.Colours.Light}\" "
                + $"opacity=\"{0.55 - (glint * 0.035)}\"/>");
        }
    }

    /// <summary>At sea, people need something to stand on.</summary>
    private static void Deck(Stage stage)
    {
        if (stage.Brief.People.Count == 0)
        {
            return;
        }

        var wood = stage.Colours.Toned("#7d5638");
        var y = stage.Brief.Shot is Shot.HighAngle ? 248 : stage.Brief.Shot is Shot.Establishing or Shot.Wide ? 318
            : 336;
        stage.Svg.Add(
            $"<path d=\"M-10 {y + 14} Q{Stage.Width / 2} {y - 10} {Stage.Width + 10} {y + 14} V{Stage.Height} H-10 "
            + $"Z\" fill=\"{wood}\"{stage.Colours.Outline(3)}/>");
        for (var i = -8; i <= 8; i++)
        {
            stage.Svg.Add(
                $"<path d=\"M{(Stage.Width / 2) + (i * 56)} {y + 4 + (Math.Abs(i) * 1.2)} "
                + $"L{(Stage.Width / 2) + (i * 92)} {Stage.Height}\" stroke=\"{wood.Darker(0.35)}\" "
                + $"stroke-width=\"1.8\"/>");
        }

        for (var x = 30; x < Stage.Width; x += 86)
        {
            stage.Svg.Add($"<path d=\"M{x} {y + 8} v-44\" stroke=\"{wood.Darker(0.25)}\" stroke-width=\"6\"/>");
        }

        stage.Svg.Add(
            $"<path d=\"M-10 {y - 26} Q{Stage.Width / 2} {y - 48} {Stage.Width + 10} {y - 26} v9 Q{Stage.Width / 2} "
            + $"{y - 38} -10 {y - 17} Z\" fill=\"{wood.Lighter(0.15)}\"{stage.Colours.Outline(2.5)}/>");
    }

    private static void Cliff(Stage stage, double y)
    {
        var side = -stage.LightSide;
        var flip = side > 0 ? $"translate({Stage.Width.ToString(CultureInfo.InvariantCulture)} 0) scale(-1 1)" : "";
        var rock = stage.Colours.Near;
        stage.Svg.Add(
            $"<g transform=\"{flip}\"><path d=\"M-10 {y - 34} L90 {y - 44} L190 {y - 30} L262 {y - 24} L292 {y + 6} "
            + $"L336 {y + 20} L352 {y + 52} L470 {y + 66} L720 {y + 84} L{Stage.Width + 10} {y + 78} V{Stage.Height} "
            + $"H-10 Z\" fill=\"{rock.Lighter(0.08)}\"{stage.Colours.Outline(3)}/>");
        stage.Svg.Add(
            $"<path d=\"M90 {y - 44} L130 {y + 20} L96 {y + 60} M190 {y - 30} L214 {y + 26} L188 {y + 74} M262 "
            + $"{y - 24} L258 {y + 30} L300 {y + 72} M336 {y + 20} L330 {y + 60}\" fill=\"none\" "
            + $"stroke=\"{rock.Darker(0.4)}\" stroke-width=\"2.5\" opacity=\"0.7\"/>");
        stage.Svg.Add(
            $"<path d=\"M-10 {y + 84} Q220 {y + 66} 470 {y + 86} T{Stage.Width + 10} {y + 98} V{Stage.Height} H-10 "
            + $"Z\" fill=\"{stage.Colours.Ground.Darker(0.1)}\"{stage.Colours.Outline(2)}/></g>");
    }

    private static void Cacti(Stage stage, double y)
    {
        var green = stage.Colours.Toned("#4f7f52");
        foreach (var (x, size) in (ReadOnlySpan<(double, double)>)[(70, 1.7), (218, 0.7), (700, 0.8), (846, 1.4)])
        {
            var cactus = "M0 0 V-62 M0 -24 H-16 V-42 M0 -34 H15 V-54";
            stage.Svg.Add(
                $"<g transform=\"translate({x} {y + (size * 44)}) scale({size})\" fill=\"none\" "
                + $"stroke-linecap=\"round\" stroke-linejoin=\"round\"><path d=\"{cactus}\" "
                + $"stroke=\"{(stage.Colours.Ink ?? green.Darker(0.35))}\" stroke-width=\"13\"/><path d=\"{cactus}\" "
                + $"stroke=\"{green}\" stroke-width=\"9\"/></g>");
        }
    }

    private static void Craters(Stage stage, double y)
    {
        for (var i = 0; i < 7; i++)
        {
            var at = stage.Between(y, Stage.Height - 10);
            var wide = 16 + ((at - y) * 0.5);
            var x = stage.Between(0, Stage.Width);
            stage.Svg.Add(
                $"<ellipse cx=\"{x}\" cy=\"{at}\" rx=\"{wide}\" ry=\"{wide * 0.24}\" "
                + $"fill=\"{stage.Colours.Ground.Darker(0.35)}\" stroke=\"{stage.Colours.Ground.Lighter(0.25)}\" "
                + $"stroke-width=\"2\"/>");
        }
    }

    private static Colour Sand(Colour colour) => colour.Mix("#e0a95f", 0.75);
}
