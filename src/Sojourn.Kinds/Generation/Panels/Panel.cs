using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>
/// One storyboard panel as a self-contained SVG, 960 by 540: the picture, layer by layer from the sky to the air, and
/// the
/// caption. The same brief gives the same bytes.
/// </summary>
internal static class Panel
{
    public static string Draw(PanelBrief brief)
    {
        var stage = new Stage(brief);
        var svg = stage.Svg;
        var label = Svg.Escape(Prose.OneLine($"Scene {brief.Number}: {brief.Title}"));
        svg.Add(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 540\" width=\"960\" height=\"540\" "
            + $"role=\"img\" aria-label=\"{label}\" font-family=\"'Helvetica Neue', Arial, 'DejaVu Sans', "
            + $"sans-serif\">");
        svg.Add($"<title>{label}</title>");
        svg.Add(
            $"<defs><clipPath id=\"frame\"><rect width=\"{Stage.Width}\" height=\"{Stage.Height}\" rx=\"4\"/>"
            + $"</clipPath><filter id=\"soft\" x=\"-30%\" y=\"-80%\" width=\"160%\" height=\"260%\"><feGaussianBlur "
            + $"stdDeviation=\"7\"/></filter><radialGradient id=\"lamp\"><stop offset=\"0\" "
            + $"stop-color=\"{stage.Colours.Lamp.Lighter(0.3)}\" stop-opacity=\"0.9\"/><stop offset=\"1\" "
            + $"stop-color=\"{stage.Colours.Lamp}\" stop-opacity=\"0\"/></radialGradient></defs>");
        svg.Add(
            $"<rect width=\"960\" height=\"540\" fill=\"#f7f3ea\"/><g transform=\"translate(20 20)\"><g "
            + $"clip-path=\"url(#frame)\">");
        DrawPicture(stage);
        svg.Add(
            $"</g><rect width=\"{Stage.Width}\" height=\"{Stage.Height}\" rx=\"4\" fill=\"none\" stroke=\"#1d2a30\" "
            + $"stroke-width=\"4\"/></g>");
        Caption.Draw(svg, brief);
        svg.Add($"</svg>");
        return svg.ToString();
    }

    private static void DrawPicture(Stage stage)
    {
        var isIndoors = stage.Brief.Setting is Setting.Interior or Setting.Cave;
        if (isIndoors)
        {
            stage.Svg.Add(
                $"<radialGradient id=\"halo\"><stop offset=\"0\" stop-color=\"{stage.Colours.Light}\" "
                + $"stop-opacity=\"0.75\"/><stop offset=\"1\" stop-color=\"{stage.Colours.Light}\" "
                + $"stop-opacity=\"0\"/></radialGradient>");
        }

        var isSoft = stage.Brief.Shot is Shot.CloseUp or Shot.OverTheShoulder && !stage.Colours.IsCartoon;
        // A near figure is in focus, and what is behind it is not.
        stage.Svg.Add(
            $"<filter id=\"depth\" x=\"-5%\" y=\"-5%\" width=\"110%\" height=\"110%\"><feGaussianBlur "
            + $"stdDeviation=\"2.2\"/></filter><g{(isSoft ? " filter=\"url(#depth)\"" : "")}>");
        switch (stage.Brief.Setting)
        {
            case Setting.Interior:
                Interior.DrawRoom(stage);
                break;
            case Setting.Cave:
                Interior.DrawCave(stage);
                break;
            default:
                Sky.Draw(stage);
                Landscape.Draw(stage);
                Landmarks.Draw(stage);
                break;
        }

        Air.DrawFog(stage);
        stage.Svg.Add($"</g>");
        Cast.Draw(stage);
        Air.DrawWeather(stage);
        Air.DrawStyle(stage);
    }
}
