using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>What lies before everything else: rain, snow, fog, grain, and the bars of a wide screen.</summary>
internal static class Air
{
    public static void DrawFog(Stage stage)
    {
        if (stage.Brief.Weather is not (Weather.Fog or Weather.Storm or Weather.Rain)
            || stage.Brief.Setting is Setting.Interior or Setting.Cave or Setting.Space)
        {
            return;
        }

        var isFog = stage.Brief.Weather == Weather.Fog;
        for (var i = 0; i < (isFog ? 7 : 3); i++)
        {
            stage.Svg.Add(
                $"<ellipse cx=\"{stage.Between(0, Stage.Width)}\" cy=\"{stage.Horizon + stage.Between(-40, 70)}\" "
                + $"rx=\"{stage.Between(220, 420)}\" ry=\"{stage.Between(14, 40)}\" "
                + $"fill=\"{stage.Colours.SkyLow.Lighter(0.35)}\" opacity=\"{(isFog ? 0.42 : 0.16)}\" "
                + $"filter=\"url(#soft)\"/>");
        }
    }

    public static void DrawWeather(Stage stage)
    {
        var isIndoors = stage.Brief.Setting is Setting.Interior or Setting.Cave or Setting.Space;
        if (isIndoors)
        {
            return;
        }

        if (stage.Brief.Weather is Weather.Rain or Weather.Storm)
        {
            var slant = stage.Brief.Weather == Weather.Storm ? 16 : 6;
            for (var i = 0; i < 150; i++)
            {
                var length = stage.Between(0.6, 1.5);
                stage.Svg.Add(
                    $"<path d=\"M{stage.Between(0, Stage.Width + 40)} {stage.Between(-20, Stage.Height)} "
                    + $"l{-slant * length} {24 * length}\" stroke=\"#dcebf2\" stroke-width=\"{0.6 + (length * 0.6)}\" "
                    + $"opacity=\"{0.2 + (length * 0.18)}\"/>");
            }
        }

        if (stage.Brief.Weather == Weather.Storm)
        {
            DrawLightning(stage);
        }

        if (stage.Brief.Weather == Weather.Snow)
        {
            for (var i = 0; i < 150; i++)
            {
                stage.Svg.Add(
                    $"<circle cx=\"{stage.Between(0, Stage.Width)}\" cy=\"{stage.Between(0, Stage.Height)}\" "
                    + $"r=\"{stage.Between(1, 3.6)}\" fill=\"#ffffff\" opacity=\"{stage.Between(0.4, 0.95)}\"/>");
            }
        }
    }

    public static void DrawStyle(Stage stage)
    {
        if (stage.Brief.Style == MediaType.Cartoon)
        {
            return;
        }

        stage.Svg.Add(
            $"<radialGradient id=\"vignette\" cx=\"0.5\" cy=\"0.46\" r=\"0.75\"><stop offset=\"0.55\" "
            + $"stop-color=\"#000000\" stop-opacity=\"0\"/><stop offset=\"1\" stop-color=\"#000000\" "
            + $"stop-opacity=\"{(stage.Brief.Style == MediaType.Cinematic ? 0.6 : 0.3)}\"/></radialGradient><rect "
            + $"width=\"{Stage.Width}\" height=\"{Stage.Height}\" fill=\"url(#vignette)\"/>");
        if (stage.Brief.Style == MediaType.Cinematic)
        {
            stage.Svg.Add(
                $"<pattern id=\"grain\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                + $"patternTransform=\"rotate(32)\"><path d=\"M0 1 H5\" stroke=\"#000000\" stroke-width=\"0.8\" "
                + $"opacity=\"0.1\"/></pattern><rect width=\"{Stage.Width}\" height=\"{Stage.Height}\" "
                + $"fill=\"url(#grain)\"/>");
            stage.Svg.Add(
                $"<rect width=\"{Stage.Width}\" height=\"22\" fill=\"#05080a\"/><rect y=\"{Stage.Height - 22}\" "
                + $"width=\"{Stage.Width}\" height=\"22\" fill=\"#05080a\"/>");
        }
    }

    private static void DrawLightning(Stage stage)
    {
        var x = (Stage.Width / 2) + (stage.LightSide * stage.Between(120, 330));
        var path = "";
        var y = 24.0;
        while (y < stage.Horizon - 30)
        {
            var down = stage.Between(18, 36);
            path += string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $" l{stage.Between(-26, 26):0.#} {down:0.#}");
            y += down;
        }

        stage.Svg.Add(
            $"<path d=\"M{x} 20{path}\" fill=\"none\" stroke=\"#fdfbe8\" stroke-width=\"9\" opacity=\"0.22\" "
            + $"stroke-linejoin=\"bevel\"/><path d=\"M{x} 20{path}\" fill=\"none\" stroke=\"#fffef2\" "
            + $"stroke-width=\"3\" stroke-linejoin=\"bevel\"/>");
    }
}
