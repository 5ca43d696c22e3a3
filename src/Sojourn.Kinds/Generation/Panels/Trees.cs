namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Conifers and round trees, in rows.</summary>
internal static class Trees
{
    public static void Row(Stage stage, double y, int count, double height, Colour colour, bool keepMiddleFree = false)
    {
        var areConifers = (stage.Brief.Seed >> 8) % 3 != 0;
        for (var i = 0; i < count; i++)
        {
            var share = (i + stage.Between(0.1, 0.9)) / count;
            // Near trees stand at the sides, like curtains.
            var x = !keepMiddleFree ? share * Stage.Width : share < 0.5 ? share * 400
                : Stage.Width - ((1 - share) * 400);
            var tall = height * stage.Between(0.75, 1.2);
            var foot = y + stage.Between(-3, 6);
            if (areConifers)
            {
                Conifer(stage, x, foot, tall, colour);
            }
            else
            {
                Round(stage, x, foot, tall, colour);
            }
        }
    }

    private static void Conifer(Stage stage, double x, double y, double height, Colour colour)
    {
        var w = height * 0.22;
        stage.Svg.Add(
            $"<rect x=\"{x - (w * 0.12)}\" y=\"{y - (height * 0.15)}\" width=\"{w * 0.24}\" "
            + $"height=\"{height * 0.17}\" fill=\"{colour.Darker(0.35)}\"/>");
        stage.Svg.Add(
            $"<path d=\"M{x} {y - height} L{x + (w * 0.5)} {y - (height * 0.66)} L{x + (w * 0.28)} "
            + $"{y - (height * 0.66)} L{x + (w * 0.78)} {y - (height * 0.38)} L{x + (w * 0.45)} {y - (height * 0.38)} "
            + $"L{x + w} {y - (height * 0.1)} L{x - w} {y - (height * 0.1)} L{x - (w * 0.45)} {y - (height * 0.38)} "
            + $"L{x - (w * 0.78)} {y - (height * 0.38)} L{x - (w * 0.28)} {y - (height * 0.66)} L{x - (w * 0.5)} "
            + $"{y - (height * 0.66)} Z\" fill=\"{colour}\"{stage.Colours.Outline(2)}/>");
    }

    private static void Round(Stage stage, double x, double y, double height, Colour colour)
    {
        var r = height * 0.24;
        stage.Svg.Add(
            $"<path d=\"M{x - (r * 0.2)} {y} L{x - (r * 0.12)} {y - (height * 0.5)} L{x + (r * 0.12)} "
            + $"{y - (height * 0.5)} L{x + (r * 0.2)} {y} Z\" fill=\"{colour.Darker(0.4)}\"/>");
        stage.Svg.Add(
            $"<path d=\"M{x - r} {y - (height * 0.42)} a{r * 0.62} {r * 0.62} 0 0 1 {r * 0.1} {-r * 1.1} "
            + $"a{r * 0.95} {r * 0.95} 0 0 1 {r * 1.75} {-r * 0.1} a{r * 0.65} {r * 0.65} 0 0 1 {r * 0.1} {r * 1.2} "
            + $"Z\" fill=\"{colour}\"{stage.Colours.Outline(2)}/>");
    }
}
