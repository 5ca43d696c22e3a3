using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>The one big thing that a scene is known by, if its prompt names one.</summary>
internal static class Landmarks
{
    public static void Draw(Stage stage)
    {
        var isCloseUp = stage.Brief.Shot is Shot.CloseUp or Shot.OverTheShoulder;
        var size = stage.Brief.Shot == Shot.Establishing ? 1.2 : isCloseUp ? 1.25 : 1.0;
        // Away from the light, where the cliff is; figures keep to the other side.
        var x = (Stage.Width / 2) - (stage.LightSide * (stage.Brief.Shot == Shot.Establishing ? 290 : 330));
        var isIndoors = stage.Brief.Setting is Setting.Interior or Setting.Cave;
        if (isIndoors)
        {
            return;
        }

        if (stage.Shows("lighthouse"))
        {
            Lighthouse(stage, x, stage.Horizon - (stage.Brief.Setting == Setting.Coast ? 34 : -6), size);
        }
        else if (stage.Shows("castle", "palace", "fortress", "kingdom"))
        {
            Castle(stage, x, stage.Horizon + 8, size);
        }
        else if (stage.Shows("windmill", "mill"))
        {
            Windmill(stage, x, stage.Horizon + 12, size);
        }
        else if (stage.Shows("rocket", "spaceship", "starship", "spacecraft", "lander"))
        {
            Rocket(stage, x, stage.Horizon + 18, size);
        }
        else if (stage.Shows("cottage", "house", "hut", "cabin", "inn")
            && stage.Brief.Setting is not (Setting.Village or Setting.City or Setting.Sea))
        {
            Buildings.House(stage, x - 60, stage.Horizon + 26, 120 * size, "#c9a78a", "#7b4438");
        }

        if (stage.Shows("boat", "ship", "boats", "ships", "sail", "sailed", "sails", "raft", "ferry")
            || stage.Brief.Setting == Setting.Sea)
        {
            var isAlone = stage.Brief.Setting == Setting.Sea && stage.Brief.People.Count == 0;
            var (away, scale) = isAlone ? (120, 1.5) : (stage.Brief.Setting == Setting.Sea ? 320 : 150, 0.75);
            Boat(stage, (Stage.Width / 2) + (stage.LightSide * away), stage.Horizon + 10, scale * size);
        }
    }

    private static void Lighthouse(Stage stage, double x, double y, double size)
    {
        var svg = stage.Svg;
        var shading = stage.Colours.Shading;
        var white = ((Colour)"#f4efe4").Mix(stage.Colours.Near, shading * 0.8);
        var red = ((Colour)"#c0392b").Mix(stage.Colours.Near, shading * 0.8);
        var h = 190 * size;
        var top = Math.Max(84, y - h);
        h = y - top;
        if (Buildings.IsDark(stage))
        {
            var reach = stage.LightSide * 900;
            svg.Add(
                $"<path d=\"M{x} {top - 8} L{x + reach} {top - 90} L{x + reach} {top + 60} Z\" "
                + $"fill=\"{stage.Colours.Lamp.Lighter(0.4)}\" opacity=\"0.22\"/>");
            svg.Add($"<circle cx=\"{x}\" cy=\"{top - 8}\" r=\"74\" fill=\"url(#lamp)\" opacity=\"0.9\"/>");
        }

        double Half(double share) => (12 + (share * 11)) * size;
        svg.Add(
            $"<path d=\"M{x - Half(0)} {top} L{x + Half(0)} {top} L{x + Half(1)} {y} L{x - Half(1)} {y} Z\" "
            + $"fill=\"{white}\"{stage.Colours.Outline(3)}/>");
        for (var band = 0; band < 3; band++)
        {
            var from = 0.12 + (band * 0.31);
            var to = from + 0.15;
            svg.Add(
                $"<path d=\"M{x - Half(from)} {top + (h * from)} L{x + Half(from)} {top + (h * from)} "
                + $"L{x + Half(to)} {top + (h * to)} L{x - Half(to)} {top + (h * to)} Z\" fill=\"{red}\"/>");
        }

        // The side away from the light.
        svg.Add(
            $"<path d=\"M{x} {top} L{x - (stage.LightSide * Half(0))} {top} L{x - (stage.LightSide * Half(1))} {y} "
            + $"L{x} {y} Z\" fill=\"{stage.Colours.Shade}\" opacity=\"0.25\"/>");
        svg.Add(
            $"<rect x=\"{x - (16 * size)}\" y=\"{top - 4}\" width=\"{32 * size}\" height=\"5\" "
            + $"fill=\"{stage.Colours.Shade}\"/><rect x=\"{x - (9 * size)}\" y=\"{top - (22 * size)}\" "
            + $"width=\"{18 * size}\" height=\"{20 * size}\" fill=\"{stage.Colours.Lamp.Lighter(0.35)}\" "
            + $"stroke=\"{stage.Colours.Shade}\" stroke-width=\"2.5\"/><path d=\"M{x - (13 * size)} "
            + $"{top - (21 * size)} Q{x} {top - (44 * size)} {x + (13 * size)} {top - (21 * size)} Z\" "
            + $"fill=\"{red.Darker(0.25)}\"{stage.Colours.Outline(2.5)}/>");
        svg.Add(
            $"<path d=\"M{x - (5 * size)} {y} v{-16 * size} q{5 * size} {-8 * size} {10 * size} 0 v{16 * size} Z\" "
            + $"fill=\"{stage.Colours.Shade}\"/>");
    }

    private static void Boat(Stage stage, double x, double y, double size)
    {
        var hull = stage.Colours.Toned("#7a4a2e");
        var sail = ((Colour)"#f3e9d2").Mix(stage.Colours.Near, stage.Colours.Shading * 0.7);
        var lean = stage.Brief.Weather == Weather.Storm ? -9 * stage.LightSide : -2;
        stage.Svg.Add(
            $"<g transform=\"translate({x} {y}) rotate({lean}) scale({size})\"><path d=\"M0 -6 V-104\" "
            + $"stroke=\"{hull.Darker(0.3)}\" stroke-width=\"4\"/><path d=\"M4 -100 Q58 -62 50 -20 L4 -16 Z\" "
            + $"fill=\"{sail}\"{stage.Colours.Outline(2.5)}/><path d=\"M-4 -88 Q-34 -48 -38 -20 L-4 -16 Z\" "
            + $"fill=\"{sail.Darker(0.12)}\"{stage.Colours.Outline(2.5)}/><path d=\"M-64 -12 L70 -12 Q60 18 40 20 "
            + $"L-40 20 Q-58 12 -64 -12 Z\" fill=\"{hull}\"{stage.Colours.Outline(3)}/><path d=\"M-60 -4 H67\" "
            + $"stroke=\"{hull.Lighter(0.3)}\" stroke-width=\"3\"/><path d=\"M0 -104 l-20 -5 l20 -6 Z\" "
            + $"fill=\"{stage.Colours.Lamp}\"/></g>");
        stage.Svg.Add(
            $"<path d=\"M{x - (80 * size)} {y + (19 * size)} q{26 * size} {-9 * size} {54 * size} 0 t{54 * size} 0 "
            + $"t{54 * size} 0\" fill=\"none\" stroke=\"{stage.Colours.Water.Lighter(0.6)}\" stroke-width=\"3\" "
            + $"opacity=\"0.75\"/>");
    }

    private static void Castle(Stage stage, double x, double y, double size)
    {
        var stone = ((Colour)"#8b8a93").Mix(stage.Colours.Mid, Math.Max(0.35, stage.Colours.Shading));
        var roof = ((Colour)"#5b4a86").Mix(stage.Colours.Near, stage.Colours.Shading * 0.8);
        var lit = Buildings.IsDark(stage) ? stage.Colours.Lamp : stone.Darker(0.5);
        stage.Svg.Add(
            $"<g transform=\"translate({x} {y}) scale({size})\"><path d=\"M-90 0 V-74 h12 v-10 h12 v10 h12 v-10 h12 "
            + $"v10 h84 v-10 h12 v10 h12 v-10 h12 v10 h12 V0 Z\" fill=\"{stone}\"{stage.Colours.Outline(3)}/>");
        foreach (var (at, tall, wide) in (ReadOnlySpan<(double, double, double)>)[(-84, 124, 30), (60, 116, 30),
            (-18, 168, 40)])
        {
            stage.Svg.Add(
                $"<rect x=\"{at}\" y=\"{-tall}\" width=\"{wide}\" height=\"{tall}\" "
                + $"fill=\"{stone.Darker(0.1)}\"{stage.Colours.Outline(3)}/><path d=\"M{at - 6} {-tall} "
                + $"L{at + (wide / 2)} {-tall - 46} L{at + wide + 6} {-tall} Z\" "
                + $"fill=\"{roof}\"{stage.Colours.Outline(3)}/><rect x=\"{at + (wide / 2) - 4}\" y=\"{-tall + 20}\" "
                + $"width=\"8\" height=\"16\" rx=\"4\" fill=\"{lit}\"/>");
        }

        stage.Svg.Add($"<path d=\"M-16 0 v-34 q18 -20 36 0 v34 Z\" fill=\"{stone.Darker(0.55)}\"/></g>");
    }

    private static void Windmill(Stage stage, double x, double y, double size)
    {
        var wall = ((Colour)"#e3d5bb").Mix(stage.Colours.Near, stage.Colours.Shading * 0.8);
        var wood = ((Colour)"#6b4a32").Mix(stage.Colours.Shade, stage.Colours.Shading * 0.8);
        stage.Svg.Add(
            $"<g transform=\"translate({x} {y}) scale({size})\"><path d=\"M-24 -120 L24 -120 L38 0 L-38 0 Z\" "
            + $"fill=\"{wall}\"{stage.Colours.Outline(3)}/><path d=\"M-28 -118 Q0 -164 28 -118 Z\" "
            + $"fill=\"{wood}\"{stage.Colours.Outline(3)}/><path d=\"M-9 0 v-30 q9 -10 18 0 v30 Z\" fill=\"{wood}\"/>");
        for (var sail = 0; sail < 4; sail++)
        {
            stage.Svg.Add(
                $"<g transform=\"translate(0 -126) rotate({24 + (sail * 90)})\"><path d=\"M0 0 V-88\" "
                + $"stroke=\"{wood}\" stroke-width=\"4\"/><rect x=\"2\" y=\"-86\" width=\"19\" height=\"62\" "
                + $"fill=\"{wall.Lighter(0.25)}\" stroke=\"{wood}\" stroke-width=\"2\"/></g>");
        }

        stage.Svg.Add($"<circle cy=\"-126\" r=\"6\" fill=\"{wood.Darker(0.3)}\"/></g>");
    }

    private static void Rocket(Stage stage, double x, double y, double size)
    {
        var hull = ((Colour)"#dfe4ea").Mix(stage.Colours.Near, stage.Colours.Shading * 0.6);
        var fin = ((Colour)"#d1493f").Mix(stage.Colours.Near, stage.Colours.Shading * 0.6);
        stage.Svg.Add(
            $"<g transform=\"translate({x} {y}) scale({size})\"><path d=\"M-22 -20 L-46 6 L-22 0 Z M22 -20 L46 6 "
            + $"L22 0 Z\" fill=\"{fin}\"{stage.Colours.Outline(3)}/><path d=\"M-24 0 Q-34 -100 0 -168 Q34 -100 24 0 "
            + $"Z\" fill=\"{hull}\"{stage.Colours.Outline(3)}/><path d=\"M-15 -122 Q-8 -148 0 -168 Q8 -148 15 -122 "
            + $"Z\" fill=\"{fin}\"/><circle cy=\"-88\" r=\"12\" fill=\"{stage.Colours.Lamp}\" "
            + $"stroke=\"{hull.Darker(0.4)}\" stroke-width=\"4\"/><path d=\"M-12 0 v8 h24 v-8 Z\" "
            + $"fill=\"{stage.Colours.Shade}\"/></g>");
    }
}
