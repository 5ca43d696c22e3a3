using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>The sky: its colours, sun or moon, stars and clouds.</summary>
internal static class Sky
{
    public static void Draw(Stage stage)
    {
        var svg = stage.Svg;
        var colours = stage.Colours;
        svg.Add(
            $"<linearGradient id=\"sky\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" "
            + $"stop-color=\"{colours.SkyTop}\"/><stop offset=\"1\" "
            + $"stop-color=\"{colours.SkyLow}\"/></linearGradient>");
        svg.Add(
            $"<radialGradient id=\"halo\"><stop offset=\"0\" stop-color=\"{colours.Light}\" stop-opacity=\"0.75\"/>"
            + $"<stop offset=\"1\" stop-color=\"{colours.Light}\" stop-opacity=\"0\"/></radialGradient>");
        svg.Add($"<rect width=\"{Stage.Width}\" height=\"{stage.Horizon + 30}\" fill=\"url(#sky)\"/>");

        if (stage.Brief.Hour == Hour.Night || stage.Brief.Setting == Setting.Space)
        {
            DrawStars(stage);
        }

        if (stage.Brief.Setting == Setting.Space)
        {
            DrawPlanet(stage);
        }
        else if (stage.Brief.Weather is Weather.Clear or Weather.Snow or Weather.Fog)
        {
            DrawSunOrMoon(stage);
        }

        if (stage.Brief.Setting != Setting.Space)
        {
            DrawClouds(stage);
        }
    }

    private static void DrawStars(Stage stage)
    {
        if (stage.Brief.Weather is Weather.Storm or Weather.Rain or Weather.Fog)
        {
            return;
        }

        for (var i = 0; i < (stage.Brief.Setting == Setting.Space ? 150 : 80); i++)
        {
            var y = stage.Between(4, stage.Horizon - 20);
            var glow = stage.Between(0.3, 1) * (1 - (y / (stage.Horizon + 120)));
            stage.Svg.Add(
                $"<circle cx=\"{stage.Between(0, Stage.Width)}\" cy=\"{y}\" r=\"{stage.Between(0.5, 1.7)}\" "
                + $"fill=\"#ffffff\" opacity=\"{glow + 0.1}\"/>");
        }
    }

    private static void DrawSunOrMoon(Stage stage)
    {
        var colours = stage.Colours;
        var isNight = stage.Brief.Hour == Hour.Night;
        var x = (Stage.Width / 2) + (stage.LightSide * stage.Between(170, 330));
        var y = stage.Brief.Hour switch
        {
            Hour.Dawn or Hour.Dusk => stage.Horizon - stage.Between(22, 50),
            _ => Math.Min(stage.Horizon - 60, stage.Between(64, 105)),
        };
        var radius = stage.Brief.Hour is Hour.Dawn or Hour.Dusk ? 40.0 : isNight ? 27 : 32;
        stage.Svg.Add(
            $"<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius * 4.2}\" fill=\"url(#halo)\" "
            + $"opacity=\"{(isNight ? 0.4 : 0.75)}\"/>");
        if (colours.IsCartoon && stage.Brief.Hour == Hour.Day)
        {
            for (var ray = 0; ray < 12; ray++)
            {
                var (sin, cos) = Math.SinCos(ray * Math.PI / 6);
                stage.Svg.Add(
                    $"<line x1=\"{x + (cos * 42)}\" y1=\"{y + (sin * 42)}\" x2=\"{x + (cos * 58)}\" "
                    + $"y2=\"{y + (sin * 58)}\" stroke=\"{colours.Light}\" stroke-width=\"6\" "
                    + $"stroke-linecap=\"round\"/>");
            }
        }

        stage.Svg.Add($"<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colours.Light}\"{colours.Outline(3)}/>");
        if (isNight)
        {
            stage.Svg.Add(
                $"<circle cx=\"{x - 8}\" cy=\"{y - 6}\" r=\"5\" fill=\"{colours.Light.Darker(0.12)}\"/><circle "
                + $"cx=\"{x + 9}\" cy=\"{y + 7}\" r=\"7\" fill=\"{colours.Light.Darker(0.1)}\"/>");
        }
    }

    private static void DrawPlanet(Stage stage)
    {
        var x = (Stage.Width / 2) + (stage.LightSide * stage.Between(150, 280));
        var radius = stage.Between(60, 95);
        var y = stage.Horizon * 0.42;
        Colour body = stage.Dice.Next(3) switch { 0 => "#c9683f", 1 => "#4a86b8", _ => "#b39a62" };
        stage.Svg.Add(
            $"<linearGradient id=\"planet\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\"><stop offset=\"0\" "
            + $"stop-color=\"{body.Lighter(0.35)}\"/><stop offset=\"1\" stop-color=\"{body.Darker(0.7)}\"/>"
            + $"</linearGradient>");
        stage.Svg.Add(
            $"<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"url(#planet)\"{stage.Colours.Outline(3)}/>");
        for (var band = -2; band <= 2; band++)
        {
            var reach = Math.Sqrt((radius * radius) - Math.Pow(band * radius * 0.32, 2));
            stage.Svg.Add(
                $"<path d=\"M{x - reach} {y + (band * radius * 0.32)} q{reach} {radius * 0.16} {reach * 2} 0\" "
                + $"fill=\"none\" stroke=\"{body.Darker(0.3)}\" stroke-width=\"{stage.Between(2, 7)}\" "
                + $"opacity=\"0.35\"/>");
        }

        stage.Svg.Add(
            $"<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{radius * 1.75}\" ry=\"{radius * 0.3}\" fill=\"none\" "
            + $"stroke=\"{body.Lighter(0.45)}\" stroke-width=\"5\" opacity=\"0.7\" "
            + $"transform=\"rotate({stage.Between(-22, -8)} {x} {y})\" stroke-dasharray=\"{radius * 4.4} "
            + $"{radius * 2.2}\"/>");
    }

    private static void DrawClouds(Stage stage)
    {
        var isHeavy = stage.Brief.Weather is Weather.Storm or Weather.Rain;
        var count = isHeavy ? 9 : stage.Brief.Weather == Weather.Snow ? 5 : stage.Dice.Next(2, 5);
        var colour = isHeavy ? stage.Colours.SkyTop.Darker(0.15)
            : stage.Brief.Hour == Hour.Night ? stage.Colours.SkyLow : stage.Colours.SkyLow.Lighter(0.55);
        for (var i = 0; i < count; i++)
        {
            var x = stage.Between(-40, Stage.Width);
            var y = stage.Between(8, isHeavy ? stage.Horizon * 0.4 : stage.Horizon * 0.52);
            var size = stage.Between(0.7, isHeavy ? 2.3 : 1.35);
            if (stage.Colours.IsCartoon)
            {
                stage.Svg.Add(
                    $"<path transform=\"translate({x} {y}) scale({size})\" d=\"M0 30 a18 18 0 0 1 8 -32 a26 26 0 0 "
                    + $"1 48 -6 a20 20 0 0 1 32 18 a14 14 0 0 1 -4 20 z\" "
                    + $"fill=\"{colour}\"{stage.Colours.Outline(2.5)}/>");
            }
            else
            {
                stage.Svg.Add(
                    $"<g transform=\"translate({x} {y}) scale({size})\" fill=\"{colour}\" "
                    + $"opacity=\"{(isHeavy ? 0.55 : 0.4)}\" filter=\"url(#soft)\"><ellipse cx=\"50\" cy=\"22\" "
                    + $"rx=\"78\" ry=\"9\"/><ellipse cx=\"32\" cy=\"14\" rx=\"34\" ry=\"12\"/><ellipse cx=\"74\" "
                    + $"cy=\"12\" rx=\"28\" ry=\"10\"/></g>");
            }
        }
    }
}
