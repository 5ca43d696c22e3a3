using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Rooms and caves: places that have walls instead of a horizon.</summary>
internal static class Interior
{
    public static void DrawRoom(Stage stage)
    {
        var svg = stage.Svg;
        var floor = stage.Horizon + 10;
        var shading = stage.Colours.Shading * 0.85;
        Colour[] papers = ["#8a6a52", "#5f7a72", "#7a6a86", "#96795a", "#6a7f8f"];
        var wall = papers[stage.Dice.Next(papers.Length)].Mix(stage.Colours.Shade, shading);
        wall = stage.Colours.IsCartoon ? wall.Lighter(0.35) : wall;
        var wood = ((Colour)"#7a5236").Mix(stage.Colours.Shade, shading);
        svg.Add(
            $"<linearGradient id=\"wall\" x1=\"{(stage.LightSide > 0 ? 1 : 0)}\" "
            + $"x2=\"{(stage.LightSide > 0 ? 0 : 1)}\" y1=\"0\" y2=\"0.4\"><stop offset=\"0\" "
            + $"stop-color=\"{wall.Lighter(0.2)}\"/><stop offset=\"1\" stop-color=\"{wall.Darker(0.45)}\"/>"
            + $"</linearGradient>");
        svg.Add($"<rect width=\"{Stage.Width}\" height=\"{floor}\" fill=\"url(#wall)\"/>");
        for (var x = 20.0; x < Stage.Width; x += 46)
        {
            svg.Add(
                $"<rect x=\"{x}\" width=\"2\" height=\"{floor - 40}\" fill=\"{wall.Darker(0.3)}\" opacity=\"0.35\"/>");
        }

        DrawWindow(stage, (Stage.Width / 2) + (stage.LightSide * 250) - 75, Math.Max(26, floor - 236), wood);
        DrawHearthOrShelf(stage, (Stage.Width / 2) - (stage.LightSide * 320) - 90, floor, wood);
        svg.Add(
            $"<rect y=\"{floor - 16}\" width=\"{Stage.Width}\" height=\"16\" "
            + $"fill=\"{wood.Darker(0.2)}\"{stage.Colours.Outline(2)}/>");
        svg.Add($"<rect y=\"{floor}\" width=\"{Stage.Width}\" height=\"{Stage.Height - floor}\" fill=\"{wood}\"/>");
        for (var i = -9; i <= 9; i++)
        {
            svg.Add(
                $"<line x1=\"{(Stage.Width / 2) + (i * 58)}\" y1=\"{floor}\" x2=\"{(Stage.Width / 2) + (i * 128)}\" "
                + $"y2=\"{Stage.Height}\" stroke=\"{wood.Darker(0.4)}\" stroke-width=\"1.6\"/>");
        }

        var rug = ((Colour)"#8f3f3a").Mix(stage.Colours.Shade, shading);
        var middle = Stage.Width / 2;
        var depth = (Stage.Height - floor) * 0.3;
        svg.Add(
            $"<ellipse cx=\"{middle}\" cy=\"{floor + (depth * 1.9)}\" rx=\"250\" ry=\"{depth}\" "
            + $"fill=\"{rug}\"{stage.Colours.Outline(2.5)}/><ellipse cx=\"{middle}\" cy=\"{floor + (depth * 1.9)}\" "
            + $"rx=\"218\" ry=\"{depth * 0.8}\" fill=\"none\" stroke=\"{rug.Lighter(0.35)}\" stroke-width=\"3\"/>");

        DrawFurniture(stage, floor, wood);

        // The window's light lies on the floor.
        var lit = (Stage.Width / 2) + (stage.LightSide * 200);
        svg.Add(
            $"<path d=\"M{lit - 50} {floor} L{lit + 70} {floor} L{lit + 70 - (stage.LightSide * 120)} "
            + $"{Stage.Height} L{lit - 110 - (stage.LightSide * 120)} {Stage.Height} Z\" "
            + $"fill=\"{stage.Colours.Light}\" opacity=\"0.13\"/>");
    }

    public static void DrawCave(Stage stage)
    {
        var svg = stage.Svg;
        var rock = stage.Colours.Near.Mix("#2a2230", 0.5);
        var x = (Stage.Width / 2) + (stage.LightSide * 90);
        svg.Add($"<rect width=\"{Stage.Width}\" height=\"{Stage.Height}\" fill=\"{rock.Lighter(0.1)}\"/>");
        svg.Add(
            $"<radialGradient id=\"mouth\"><stop offset=\"0\" stop-color=\"{stage.Colours.Lamp.Lighter(0.3)}\"/>"
            + $"<stop offset=\"0.45\" stop-color=\"{stage.Colours.Lamp.Mix(rock, 0.4)}\"/><stop offset=\"1\" "
            + $"stop-color=\"{rock.Lighter(0.1)}\" stop-opacity=\"0\"/></radialGradient>");
        svg.Add(
            $"<ellipse cx=\"{x}\" cy=\"{stage.Horizon - 30}\" rx=\"360\" ry=\"230\" fill=\"url(#mouth)\" "
            + $"opacity=\"0.8\"/>");
        svg.Add(
            $"<path d=\"M0 {stage.Horizon + 26} Q{Stage.Width * 0.4} {stage.Horizon - 4} {Stage.Width} "
            + $"{stage.Horizon + 30} V{Stage.Height} H0 Z\" fill=\"{rock.Darker(0.2)}\"{stage.Colours.Outline(2.5)}/>");
        for (var tooth = 0; tooth < 18; tooth++)
        {
            var at = (tooth + stage.Between(0, 0.8)) * (Stage.Width / 18);
            var edge = Math.Abs(at - (Stage.Width / 2)) / (Stage.Width / 2);
            var wide = stage.Between(16, 38);
            svg.Add(
                $"<path d=\"M{at - wide} -4 L{at} {stage.Between(30, 80) + (edge * 70)} L{at + wide} -4 Z\" "
                + $"fill=\"{rock.Darker(stage.Between(0.25, 0.5))}\"{stage.Colours.Outline(2)}/>");
        }

        svg.Add(
            $"<path d=\"M0 0 H120 Q60 160 96 250 Q40 330 70 {Stage.Height} H0 Z M{Stage.Width} 0 "
            + $"H{Stage.Width - 110} Q{Stage.Width - 50} 150 {Stage.Width - 100} 260 Q{Stage.Width - 40} 330 "
            + $"{Stage.Width - 80} {Stage.Height} H{Stage.Width} Z\" "
            + $"fill=\"{rock.Darker(0.55)}\"{stage.Colours.Outline(3)}/>");
    }

    /// <summary>A picture on the wall, a table with a pot and a book, and a lamp that is lit after dark.</summary>
    private static void DrawFurniture(Stage stage, double floor, Colour wood)
    {
        var svg = stage.Svg;
        var x = (Stage.Width / 2) - (stage.LightSide * 60);
        var top = Math.Max(40, floor - 190);
        svg.Add(
            $"<rect x=\"{x - 44}\" y=\"{top}\" width=\"88\" height=\"62\" "
            + $"fill=\"{stage.Colours.SkyLow.Mix(stage.Colours.Shade, 0.25)}\" "
            + $"stroke=\"{stage.Colours.Lamp.Mix(stage.Colours.Shade, 0.45)}\" stroke-width=\"6\"/><path "
            + $"d=\"M{x - 40} {top + 58} l28 -30 l18 18 l14 -12 l20 24 Z\" fill=\"{stage.Colours.Mid}\"/>");

        var table = (Stage.Width / 2) + (stage.LightSide * 350);
        var y = floor - 52;
        svg.Add(
            $"<path d=\"M{table - 66} {y + 6} l-6 {Stage.Height - floor - 10} M{table + 66} {y + 6} l6 "
            + $"{Stage.Height - floor - 10}\" stroke=\"{wood.Darker(0.4)}\" stroke-width=\"9\"/><rect "
            + $"x=\"{table - 88}\" y=\"{y}\" width=\"176\" height=\"13\" rx=\"3\" "
            + $"fill=\"{wood.Lighter(0.12)}\"{stage.Colours.Outline(2.5)}/>");
        svg.Add(
            $"<path d=\"M{table - 46} {y} q-12 -26 6 -34 h20 q18 8 6 34 Z\" "
            + $"fill=\"{stage.Colours.Toned("#5f7f8f")}\"{stage.Colours.Outline(2)}/>"
            + $"<path d=\"M{table + 6} {y} l4 -9 h50 l4 9 Z\" "
            + $"fill=\"{stage.Colours.Toned("#b5483a")}\"{stage.Colours.Outline(2)}/>");

        var isLit = Buildings.IsDark(stage);
        var lamp = (Stage.Width / 2) + (stage.LightSide * 40);
        svg.Add(
            $"<circle cx=\"{lamp}\" cy=\"76\" r=\"190\" fill=\"url(#lamp)\" opacity=\"{(isLit ? 0.5 : 0.08)}\"/>"
            + $"<path d=\"M{lamp} 0 V52\" stroke=\"{stage.Colours.Shade}\" stroke-width=\"3\"/><path d=\"M{lamp - 30} "
            + $"78 Q{lamp - 22} 52 {lamp} 50 Q{lamp + 22} 52 {lamp + 30} 78 Z\" "
            + $"fill=\"{wood.Darker(0.2)}\"{stage.Colours.Outline(2.5)}/><circle cx=\"{lamp}\" cy=\"80\" r=\"8\" "
            + $"fill=\"{(isLit ? stage.Colours.Lamp.Lighter(0.4) : stage.Colours.Lamp)}\"/>");
    }

    private static void DrawWindow(Stage stage, double x, double y, Colour wood)
    {
        var svg = stage.Svg;
        svg.Add(
            $"<linearGradient id=\"sky\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" "
            + $"stop-color=\"{stage.Colours.SkyTop}\"/><stop offset=\"1\" stop-color=\"{stage.Colours.SkyLow}\"/>"
            + $"</linearGradient>");
        svg.Add($"<circle cx=\"{x + 75}\" cy=\"{y + 80}\" r=\"190\" fill=\"url(#halo)\" opacity=\"0.5\"/>");
        svg.Add(
            $"<rect x=\"{x}\" y=\"{y}\" width=\"150\" height=\"160\" fill=\"url(#sky)\" "
            + $"stroke=\"{wood.Darker(0.25)}\" stroke-width=\"9\"/>");
        if (stage.Brief.Hour == Hour.Night)
        {
            svg.Add($"<circle cx=\"{x + 108}\" cy=\"{y + 42}\" r=\"15\" fill=\"{stage.Colours.Light}\"/>");
        }

        svg.Add($"<path d=\"M{x} {y + 120} q40 -26 75 -6 t75 -8 V{y + 160} H{x} Z\" fill=\"{stage.Colours.Mid}\"/>");
        if (stage.Brief.Weather is Weather.Rain or Weather.Storm)
        {
            for (var i = 0; i < 14; i++)
            {
                svg.Add(
                    $"<path d=\"M{x + stage.Between(8, 142)} {y + stage.Between(8, 120)} l-5 22\" "
                    + $"stroke=\"#dbe7ee\" stroke-width=\"1.4\" opacity=\"0.6\"/>");
            }
        }

        svg.Add(
            $"<path d=\"M{x + 75} {y} V{y + 160} M{x} {y + 74} H{x + 150}\" stroke=\"{wood.Darker(0.25)}\" "
            + $"stroke-width=\"6\"/><rect x=\"{x - 14}\" y=\"{y + 160}\" width=\"178\" height=\"11\" "
            + $"fill=\"{wood}\"{stage.Colours.Outline(2)}/>");
        var curtain = ((Colour)"#9c4a3c").Mix(stage.Colours.Shade, stage.Colours.Shading * 0.8);
        svg.Add(
            $"<path d=\"M{x - 22} {y - 12} q26 90 2 178 h-18 Z M{x + 172} {y - 12} q-26 90 -2 178 h18 Z\" "
            + $"fill=\"{curtain}\"{stage.Colours.Outline(2)}/><rect x=\"{x - 34}\" y=\"{y - 18}\" width=\"218\" "
            + $"height=\"7\" rx=\"3\" fill=\"{wood.Darker(0.35)}\"/>");
    }

    private static void DrawHearthOrShelf(Stage stage, double x, double floor, Colour wood)
    {
        var svg = stage.Svg;
        if (stage.Shows("fire", "hearth", "stove", "fireplace", "kitchen", "flames", "baker", "bakery"))
        {
            var stone = stage.Colours.Toned("#80776c");
            svg.Add(
                $"<rect x=\"{x}\" y=\"{floor - 150}\" width=\"180\" height=\"150\" "
                + $"fill=\"{stone}\"{stage.Colours.Outline(3)}/><rect x=\"{x - 12}\" y=\"{floor - 162}\" "
                + $"width=\"204\" height=\"16\" fill=\"{wood}\"{stage.Colours.Outline(2)}/>");
            svg.Add(
                $"<path d=\"M{x + 36} {floor} v-70 q54 -50 108 0 v70 Z\" fill=\"#1a0f0a\"/><circle cx=\"{x + 90}\" "
                + $"cy=\"{floor - 30}\" r=\"130\" fill=\"url(#lamp)\" opacity=\"0.75\"/>");
            svg.Add(
                $"<path d=\"M{x + 62} {floor} q-6 -34 16 -56 q4 20 14 24 q2 -22 14 -32 q18 36 10 64 Z\" "
                + $"fill=\"#ff9a3c\"/><path d=\"M{x + 76} {floor} q-2 -22 12 -34 q14 14 12 34 Z\" fill=\"#ffe08a\"/>");
            return;
        }

        svg.Add(
            $"<rect x=\"{x}\" y=\"{floor - 196}\" width=\"170\" height=\"180\" "
            + $"fill=\"{wood.Darker(0.3)}\"{stage.Colours.Outline(3)}/>");
        Colour[] spines = ["#a44a3f", "#3f6f7f", "#c99a3f", "#5d7a4a", "#7a5a86", "#d8cfb8"];
        for (var shelf = 0; shelf < 3; shelf++)
        {
            var y = floor - 142 + (shelf * 58);
            for (var at = x + 10; at < x + 150; at += stage.Between(9, 17))
            {
                var tall = stage.Between(28, 44);
                svg.Add(
                    $"<rect x=\"{at}\" y=\"{y - tall}\" width=\"8\" height=\"{tall}\" "
                    + $"fill=\"{stage.Colours.Toned(spines[stage.Dice.Next(spines.Length)])}\"/>");
            }

            svg.Add($"<rect x=\"{x + 4}\" y=\"{y}\" width=\"162\" height=\"5\" fill=\"{wood}\"/>");
        }
    }
}
