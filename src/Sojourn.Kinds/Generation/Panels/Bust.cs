namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Head and shoulders, for close-ups; 100 units tall, the bottom at the origin.</summary>
internal static class Bust
{
    public static void Draw(Stage stage, string name, (double X, double Y) at, double tall, int facing)
    {
        if (Creature.IsCalled(name))
        {
            Creature.Draw(stage, name, (at.X, at.Y - (tall * 0.05)), tall * 0.75, facing);
            return;
        }

        var look = Look.Of(name, stage.Colours);
        var scale = tall / 100;
        var line = stage.Colours.Ink is { } ink ? $" stroke=\"{ink}\" stroke-width=\"1.6\" stroke-linejoin=\"round\""
            : "";
        stage.Svg.Add(
            $"<g transform=\"translate({at.X} {at.Y}) scale({scale * facing} {scale})\" stroke-linecap=\"round\">");
        if (look.Hair is Hair.Long or Hair.Curly)
        {
            var mane = look.Hair == Hair.Long
                ? "M-21 -76 Q-30 -40 -24 -22 L22 -22 Q28 -44 20 -76 Z"
                : "M-20 -50 a9 9 0 0 1 -6 -14 a10 10 0 0 1 4 -16 a13 13 0 0 1 16 -14 a14 14 0 0 1 20 4 a11 11 0 0 1 "
                + "8 18 a9 9 0 0 1 -2 18 Z";
            stage.Svg.Add($"<path d=\"{mane}\" fill=\"{look.HairColour.Darker(0.15)}\"{line}/>");
        }

        DrawShoulders(stage, look, line);
        DrawFace(stage, look, line);
        DrawHair(stage, look, line);
        if (!stage.Colours.IsCartoon)
        {
            DrawLight(stage, facing);
        }

        stage.Svg.Add($"</g>");
    }

    /// <summary>Somebody seen from behind, dark, at the edge of the frame.</summary>
    public static void DrawFromBehind(Stage stage, string name, (double X, double Y) at, double tall, int facing)
    {
        var look = Look.Of(name, stage.Colours);
        var dark = stage.Colours.IsCartoon ? 0.12 : 0.55;
        var coat = look.Coat.Mix(stage.Colours.Shade, dark);
        var hair = (look.Hair is Hair.Hood ? look.Coat : look.HairColour).Mix(stage.Colours.Shade, dark);
        var line = stage.Colours.Ink is { } ink ? $" stroke=\"{ink}\" stroke-width=\"1.6\"" : "";
        stage.Svg.Add(
            $"<g transform=\"translate({at.X} {at.Y}) scale({tall / 100 * facing} {tall / 100})\"><path d=\"M-52 4 "
            + $"Q-50 -26 -16 -33 Q0 -37 16 -33 Q48 -26 52 4 Z\" fill=\"{coat}\"{line}/><path d=\"M-8 -30 V-46 H9 V-30 "
            + $"Q0 -26 -8 -30 Z\" fill=\"{look.Skin.Mix(stage.Colours.Shade, dark)}\"/>");
        stage.Svg.Add(
            $"<path d=\"M-17 -58 Q-20 -88 0 -89 Q20 -88 17 -58 Q14 -42 0 -41 Q-14 -42 -17 -58 Z\" "
            + $"fill=\"{hair}\"{line}/>");
        stage.Svg.Add(
            $"<ellipse cx=\"-17.5\" cy=\"-62\" rx=\"3\" ry=\"6\" "
            + $"fill=\"{look.Skin.Mix(stage.Colours.Shade, dark)}\"{line}/><ellipse cx=\"17.5\" cy=\"-62\" rx=\"3\" "
            + $"ry=\"6\" fill=\"{look.Skin.Mix(stage.Colours.Shade, dark)}\"{line}/><path d=\"M-2 -85 Q-12 -74 -9 -46 "
            + $"M3 -86 Q4 -66 1 -44 M8 -83 Q14 -68 10 -47 M-30 -27 Q0 -20 30 -27\" fill=\"none\" "
            + $"stroke=\"{stage.Colours.Shade}\" stroke-width=\"1\" opacity=\"0.45\"/>");
        if (look.Hair is Hair.Cap or Hair.Brim)
        {
            stage.Svg.Add(
                $"<path d=\"M-30 -70 Q0 -79 30 -70 Q20 -76 17 -86 Q0 -98 -17 -86 Q-20 -76 -30 -70 Z\" "
                + $"fill=\"{look.Legs.Mix(stage.Colours.Shade, dark)}\"{line}/>");
        }

        if (!stage.Colours.IsCartoon)
        {
            var side = stage.LightSide * facing;
            stage.Svg.Add(
                $"<path d=\"M{side * 10} -86 Q{side * 20} -78 {side * 17} -58 M{side * 20} -32 Q{side * 44} -26 "
                + $"{side * 50} 0\" fill=\"none\" stroke=\"{stage.Colours.Light}\" stroke-width=\"1.1\" "
                + $"opacity=\"0.8\"/>");
        }

        stage.Svg.Add($"</g>");
    }

    private static void DrawShoulders(Stage stage, Look look, string line)
    {
        stage.Svg.Add(
            $"<path d=\"M-52 4 Q-50 -24 -16 -31 L-9 -40 H10 L17 -31 Q48 -24 52 4 Z\" fill=\"{look.Coat}\"{line}/>");
        stage.Svg.Add($"<path d=\"M-9 -34 V-50 H10 V-34 Q2 -22 -9 -34 Z\" fill=\"{look.Skin.Darker(0.18)}\"/>");
        stage.Svg.Add(
            $"<path d=\"M-16 -31 Q-6 -14 1 -8 Q10 -16 17 -31 L10 -37 Q8 -26 1 -22 Q-6 -26 -9 -37 Z\" "
            + $"fill=\"{look.Coat.Lighter(0.14)}\"{line}/>");
    }

    private static void DrawFace(Stage stage, Look look, string line)
    {
        var skin = look.Skin;
        var dark = stage.Colours.Shade;
        stage.Svg.Add($"<ellipse cx=\"-16\" cy=\"-63\" rx=\"4\" ry=\"6\" fill=\"{skin.Darker(0.15)}\"{line}/>");
        stage.Svg.Add(
            $"<path d=\"M-17 -66 Q-18 -88 1 -88 Q20 -88 19.5 -66 Q19 -50 9 -44 Q3 -40 -3 -43 Q-15 -49 -17 -66 Z\" "
            + $"fill=\"{skin}\"{line}/>");
        foreach (var x in (ReadOnlySpan<double>)[-4, 11])
        {
            stage.Svg.Add(
                $"<ellipse cx=\"{x}\" cy=\"-66\" rx=\"3.6\" ry=\"{(stage.Colours.IsCartoon ? 3.4 : 2.2)}\" "
                + $"fill=\"{Colour.White.Mix(dark, stage.Colours.Shading * 0.5)}\"/><circle cx=\"{x + 0.9}\" "
                + $"cy=\"-66\" r=\"1.9\" fill=\"{dark}\"/><path d=\"M{x - 5} -71.5 q5 -3.5 9.5 -0.5\" fill=\"none\" "
                + $"stroke=\"{look.HairColour.Darker(0.2)}\" stroke-width=\"1.7\"/>");
        }

        stage.Svg.Add(
            $"<path d=\"M5 -65 Q8.5 -58 7.5 -56.5 Q5 -55 3 -56\" fill=\"none\" stroke=\"{skin.Darker(0.35)}\" "
            + $"stroke-width=\"1.3\"/>");
        if (look.HasBeard)
        {
            stage.Svg.Add(
                $"<path d=\"M-17 -62 Q-17 -40 3 -36 Q20 -40 19 -60 Q15 -54 11 -53.5 Q4 -56 -3 -53.5 Q-11 -53 -17 "
                + $"-62 Z\" fill=\"{look.HairColour}\"{line}/>");
        }

        stage.Svg.Add(
            $"<path d=\"M-1 -50 Q5 -47.5 10 -50.5\" fill=\"none\" "
            + $"stroke=\"{(look.HasBeard ? skin.Darker(0.3) : ((Colour)"#9a4a44").Mix(dark, stage.Colours.Shading))}\" "
            + $"stroke-width=\"1.9\"/>");
    }

    private static void DrawHair(Stage stage, Look look, string line)
    {
        var (path, colour) = look.Hair switch
        {
            Hair.Bald => ("", look.HairColour),
            Hair.Cap => ("M-20 -73 Q-22 -97 1 -98 Q23 -97 21 -75 L34 -71 Q33 -67 20 -69 Q0 -74 -20 -73 Z",
                look.Legs.Darker(0.3)),
            Hair.Brim =>
                ("M-36 -74 Q0 -84 38 -74 Q22 -80 18 -98 Q1 -108 -15 -98 Q-18 -80 -36 -74 Z", look.Legs.Darker(0.25)),
            Hair.Hood =>
                ("M-24 -30 Q-36 -92 1 -99 Q36 -92 25 -30 Q32 -66 18 -80 Q1 -90 -14 -80 Q-26 -66 -24 -30 Z",
                    look.Coat.Darker(0.2)),
            Hair.Long =>
                ("M-21 -52 Q-26 -92 2 -93 Q26 -92 21 -56 Q20 -72 12 -80 Q0 -74 -14 -76 Q-19 -66 -21 -52 Z",
                    look.HairColour),
            Hair.Bun => ("M-19 -62 Q-22 -92 2 -92 Q24 -91 20 -66 Q15 -80 4 -81 Q-12 -80 -19 -62 Z M-16 -92 a9 9 0 1 "
                + "1 18 0 a9 9 0 1 1 -18 0 Z", look.HairColour),
            _ => ("M-18 -62 Q-23 -91 2 -92 Q24 -92 20 -68 Q17 -78 11 -80 Q0 -75 -12 -77 Q-17 -71 -18 -62 Z",
                look.HairColour),
        };
        if (path.Length > 0)
        {
            stage.Svg.Add($"<path d=\"{path}\" fill=\"{colour}\"{line}/>");
        }
    }

    /// <summary>Half the face lies in shade; the other has an edge of light.</summary>
    private static void DrawLight(Stage stage, int facing)
    {
        var side = stage.LightSide * facing;
        var rim = stage.Colours.Light.Mix(stage.Colours.Lamp, 0.35);
        stage.Svg.Add(
            $"<path d=\"M{-side * 2} -89 Q{-side * 20} -88 {-side * 18} -64 Q{-side * 14} -46 {-side * 2} -42 "
            + $"Q{-side * 7} -64 {-side * 2} -89 Z\" fill=\"{stage.Colours.Shade}\" opacity=\"0.32\"/>");
        stage.Svg.Add(
            $"<path d=\"M0 0 Q{-side * 8} -20 {-side * 14} -32 Q{-side * 48} -26 {-side * 52} 4 H0 Z\" "
            + $"fill=\"{stage.Colours.Shade}\" opacity=\"0.3\"/>");
        stage.Svg.Add(
            $"<path d=\"M{side * 13} -85 Q{side * 21.5} -76 {side * 19} -60 M{side * 22} -30 Q{side * 46} -24 "
            + $"{side * 51} 2\" fill=\"none\" stroke=\"{rim}\" stroke-width=\"1.3\" opacity=\"0.85\"/>");
    }
}
