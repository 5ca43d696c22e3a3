namespace Sojourn.Kinds.Generation.Panels;

internal enum Pose
{
    Stand,
    Point,
    Talk,
    Hold,
    Run,
    Climb,
}

/// <summary>Somebody from head to foot, 100 units tall, feet at the origin, facing right.</summary>
internal static class Figure
{
    /// <param name="stage">Where to draw.</param>
    /// <param name="name">Who it is.</param>
    /// <param name="at">Where the feet stand.</param>
    /// <param name="tall">How tall, in pixels.</param>
    /// <param name="pose">What they are doing.</param>
    /// <param name="facing">1 looks right, -1 left.</param>
    public static void Draw(Stage stage, string name, (double X, double Y) at, double tall, Pose pose, int facing)
    {
        if (Creature.IsCalled(name))
        {
            Creature.Draw(stage, name, (at.X, Math.Min(at.Y, Stage.Height - 16)), tall * 0.8, facing);
            return;
        }

        var svg = stage.Svg;
        var look = Look.Of(name, stage.Colours);
        var scale = tall * look.Height / 100;
        var shadow = stage.Colours.Shade;
        svg.Add(
            $"<ellipse cx=\"{at.X - (stage.LightSide * tall * 0.09)}\" cy=\"{at.Y}\" rx=\"{tall * 0.24}\" "
            + $"ry=\"{tall * 0.035}\" fill=\"{shadow}\" opacity=\"0.4\"/>");
        var lean = pose == Pose.Run ? " rotate(9)" : "";
        svg.Add(
            $"<g transform=\"translate({at.X} {at.Y}) scale({scale * facing} {scale}){lean}\" "
            + $"stroke-linecap=\"round\" stroke-linejoin=\"round\">");
        var line = stage.Colours.Ink is { } ink ? $" stroke=\"{ink}\" stroke-width=\"1.8\"" : "";
        DrawLegs(stage, look, pose);
        DrawArm(stage, look, BackArm(pose), look.Coat.Darker(0.25));
        DrawBody(svg, look, line);
        DrawHead(svg, look, line, stage.Colours);
        DrawArm(stage, look, FrontArm(pose), look.Coat.Darker(0.1));
        if (pose == Pose.Hold)
        {
            DrawLantern(stage);
        }

        if (!stage.Colours.IsCartoon)
        {
            DrawRim(stage, facing);
        }

        svg.Add($"</g>");
    }

    private static void DrawLegs(Stage stage, Look look, Pose pose)
    {
        var (back, front) = pose switch
        {
            Pose.Run => ("M-2 -44 Q-6 -26 -16 -20 L-28 -16", "M2 -44 Q12 -34 14 -22 L12 -2 L18 -1"),
            Pose.Climb => ("M-3 -44 L-5 -22 L-6 -1 L0 -1", "M3 -44 Q14 -36 13 -24 L12 -14 L18 -14"),
            _ => ("M-4 -44 L-5 -22 L-5.5 -1 L-1 -1", "M4 -44 L5 -22 L5.5 -1 L10 -1"),
        };
        Limb(stage, back, look.Legs.Darker(0.25), 6.4);
        Limb(stage, front, look.Legs, 6.4);
    }

    private static (string Path, double HandX, double HandY) FrontArm(Pose pose) => pose switch
    {
        Pose.Point => ("M7 -74 L20 -70 L34 -76", 36, -76.5),
        Pose.Talk => ("M7 -74 Q14 -60 18 -58 L26 -66", 27, -67.5),
        Pose.Hold => ("M7 -74 Q12 -60 15 -56 L25 -60", 26, -60),
        Pose.Run => ("M6 -74 Q14 -62 12 -58 L24 -54", 25, -54),
        Pose.Climb => ("M7 -75 L16 -84 L20 -98", 20.5, -99),
        _ => ("M8 -74 Q12 -60 11 -46", 11, -44),
    };

    private static (string Path, double HandX, double HandY) BackArm(Pose pose) => pose switch
    {
        Pose.Run => ("M-6 -74 Q-16 -64 -18 -56 L-26 -60", -27, -60.5),
        Pose.Climb => ("M-6 -74 L4 -84 L10 -92", 10.5, -93),
        Pose.Talk => ("M-7 -74 Q-12 -60 -6 -52 L2 -54", 3, -54),
        _ => ("M-8 -74 Q-12 -60 -10 -46", -10, -44),
    };

    private static void DrawArm(Stage stage, Look look, (string Path, double HandX, double HandY) arm, Colour sleeve)
    {
        Limb(stage, arm.Path, sleeve, 5.6);
        stage.Svg.Add($"<circle cx=\"{arm.HandX}\" cy=\"{arm.HandY}\" r=\"2.7\" fill=\"{look.Skin}\"/>");
    }

    /// <summary>A thick line; in a cartoon it gets its outline from a thicker one beneath.</summary>
    private static void Limb(Stage stage, string path, Colour colour, double width)
    {
        if (stage.Colours.Ink is { } ink)
        {
            stage.Svg.Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width + 3}\"/>");
        }

        stage.Svg.Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
    }

    private static void DrawBody(Svg svg, Look look, string line)
    {
        var body = look.HasLongCoat
            ? "M-10.5 -78 Q0 -84 10.5 -78 L10 -56 Q15 -34 15.5 -24 Q0 -19 -15.5 -24 Q-14 -36 -10 -56 Z"
            : "M-11 -78 Q0 -84 11 -78 L9 -56 L9.5 -40 Q0 -37 -9.5 -40 L-9 -56 Z";
        svg.Add($"<path d=\"{body}\" fill=\"{look.Coat}\"{line}/>");
        svg.Add(
            $"<path d=\"M-9.4 -53 Q0 -50 9.4 -53\" fill=\"none\" stroke=\"{look.Legs.Darker(0.2)}\" "
            + $"stroke-width=\"2.4\"/><path d=\"M0 -80 L-1 -54\" fill=\"none\" stroke=\"{look.Coat.Darker(0.35)}\" "
            + $"stroke-width=\"1.2\"/>");
        svg.Add($"<path d=\"M-4 -81 Q0 -76 4 -81 L2.5 -85 L-2.5 -85 Z\" fill=\"{look.Skin.Darker(0.12)}\"/>");
    }

    private static void DrawHead(Svg svg, Look look, string line, Palette colours)
    {
        if (look.Hair is Hair.Long)
        {
            svg.Add($"<path d=\"M-7.5 -93 Q-11 -80 -9 -73 L3 -75 L3 -92 Z\" fill=\"{look.HairColour}\"{line}/>");
        }

        svg.Add($"<ellipse cx=\"0.8\" cy=\"-91\" rx=\"6.6\" ry=\"7.8\" fill=\"{look.Skin}\"{line}/>");
        svg.Add(
            $"<circle cx=\"4.2\" cy=\"-91.5\" r=\"0.9\" fill=\"{colours.Shade}\"/><path d=\"M7 -91 l1.8 2.2 l-1.8 "
            + $"0.5\" fill=\"{look.Skin.Darker(0.1)}\"/>");
        if (look.HasBeard)
        {
            svg.Add(
                $"<path d=\"M-4 -89 Q-3 -80 3 -79.5 Q7.5 -81 7 -87.5 Q3 -85.5 -4 -89 Z\" "
                + $"fill=\"{look.HairColour}\"/>");
        }

        var crown = "M-6.8 -89 Q-8.5 -99.5 1 -99.8 Q8.5 -99 7.2 -94 Q2 -96.5 -1.5 -94 Q-4 -91 -4.5 -87.5 Z";
        _ = look.Hair switch
        {
            Hair.Bald => 0,
            Hair.Bun => Put($"<circle cx=\"-7\" cy=\"-98\" r=\"4\" fill=\"{look.HairColour}\"{line}/><path "
                + $"d=\"{crown}\" fill=\"{look.HairColour}\"{line}/>"),
            Hair.Curly =>
                Put($"<path d=\"M-6 -86 a4 4 0 0 1 -2 -6 a4.5 4.5 0 0 1 2 -7 a5 5 0 0 1 7 -3 a5 5 0 0 1 7 4 a3.5 3.5 "
                    + $"0 0 1 0 5 Q2 -97 -2 -93 Z\" fill=\"{look.HairColour}\"{line}/>"),
            Hair.Cap => Put($"<path d=\"M-7.2 -93.5 Q-7.5 -101.5 1 -101.5 Q8.5 -101 8 -94.5 L13 -93 Q13 -91.8 8 -92 "
                + $"Q0 -94 -7.2 -93.5 Z\" fill=\"{look.Legs.Darker(0.3)}\"{line}/>"),
            Hair.Hood =>
                Put($"<path d=\"M-8.5 -78 Q-13 -99 1 -102 Q8 -100.5 8 -95 Q1 -98 -2 -92 Q-3 -84 2 -79 Z\" "
                    + $"fill=\"{look.Coat.Darker(0.2)}\"{line}/>"),
            Hair.Brim =>
                Put($"<path d=\"M-13 -94.5 Q0 -98.5 14 -94.5 Q7 -97.5 6 -104 Q0 -108 -5 -104 Q-6 -97.5 -13 -94.5 Z\" "
                    + $"fill=\"{look.Legs.Darker(0.25)}\"{line}/>"),
            _ => Put($"<path d=\"{crown}\" fill=\"{look.HairColour}\"{line}/>"),
        };

        int Put(SvgText element)
        {
            svg.Add(element);
            return 0;
        }
    }

    private static void DrawLantern(Stage stage)
    {
        stage.Svg.Add(
            $"<circle cx=\"26\" cy=\"-50\" r=\"30\" fill=\"url(#lamp)\" opacity=\"0.85\"/><path d=\"M26 -59 v3 "
            + $"M22.5 -56 h7 l1.5 11 h-10 Z\" fill=\"{stage.Colours.Lamp.Lighter(0.3)}\" "
            + $"stroke=\"{stage.Colours.Shade}\" stroke-width=\"1.4\"/>");
    }

    /// <summary>A thin edge of light on the side where it comes from lifts a figure off its background.</summary>
    private static void DrawRim(Stage stage, int facing)
    {
        var side = stage.LightSide * facing;
        var rim = stage.Colours.Light.Mix(stage.Colours.Lamp, 0.4);
        stage.Svg.Add(
            $"<path d=\"M{side * 5.5} -97 Q{side * 9} -91 {side * 5} -84 M{side * 10.5} -77 Q{side * 11} -66 "
            + $"{side * 9.4} -56\" fill=\"none\" stroke=\"{rim}\" stroke-width=\"1.3\" opacity=\"0.75\"/>");
    }
}
