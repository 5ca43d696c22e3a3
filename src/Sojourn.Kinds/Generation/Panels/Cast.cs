using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>Places those who are in the scene as the shot sees them.</summary>
internal static class Cast
{
    public static void Draw(Stage stage)
    {
        var people = stage.Brief.People;
        if (people.Count == 0)
        {
            return;
        }

        switch (stage.Brief.Shot)
        {
            case Shot.CloseUp:
                DrawCloseUp(stage, people);
                break;
            case Shot.OverTheShoulder when people.Count > 1:
                DrawOverTheShoulder(stage, people);
                break;
            case Shot.TwoShot or Shot.OverTheShoulder:
                Row(stage, people, tall: 300, feet: 452, gap: 210, facingEachOther: true);
                break;
            case Shot.Tracking:
                DrawSpeed(stage);
                Row(stage, people, tall: 205, feet: 372, gap: 150, facingEachOther: false);
                break;
            case Shot.LowAngle:
                Row(stage, people, tall: 290, feet: 398, gap: 190, facingEachOther: false);
                break;
            case Shot.HighAngle:
                Row(stage, people, tall: 118, feet: 318, gap: 120, facingEachOther: false);
                break;
            case Shot.Medium:
                Row(stage, people, tall: 272, feet: 424, gap: 165, facingEachOther: people.Count > 1);
                break;
            case Shot.Establishing when stage.Brief.Setting is not (Setting.Interior or Setting.Cave):
                Row(stage, people, tall: 86, feet: 352, gap: 76, facingEachOther: false);
                break;
            case Shot.Establishing:
                Row(stage, people, tall: 158, feet: 372, gap: 120, facingEachOther: false);
                break;
            default:
                Row(stage, people, tall: 138, feet: 366, gap: 104, facingEachOther: false);
                break;
        }
    }

    private static void DrawCloseUp(Stage stage, IReadOnlyList<string> people)
    {
        var x = (Stage.Width / 2) - (stage.LightSide * 70);
        if (people.Count > 1)
        {
            Figure.Draw(stage, people[1], (x + (stage.LightSide * 310), 420), 250, Pose.Stand, -stage.LightSide);
        }

        Bust.Draw(stage, people[0], (x, Stage.Height + 6), 385, stage.LightSide);
    }

    private static void DrawOverTheShoulder(Stage stage, IReadOnlyList<string> people)
    {
        var side = stage.LightSide;
        if (people.Count > 2)
        {
            Figure.Draw(stage, people[2], ((Stage.Width / 2) + (side * 290), 404), 220, Pose.Stand, -side);
        }

        Bust.Draw(stage, people[0], ((Stage.Width / 2) + (side * 70), Stage.Height + 6), 300, -side);
        Bust.DrawFromBehind(stage, people[1], ((Stage.Width / 2) - (side * 280), Stage.Height + 40), 430, side);
    }

    private static void Row(
        Stage stage, IReadOnlyList<string> people, double tall, double feet, double gap, bool facingEachOther)
    {
        // A little off the middle, towards the light: the landmark has the other side.
        var middle = (Stage.Width / 2) + (stage.LightSide * (facingEachOther ? 10 : 30));
        // Four legs need more room than two.
        gap *= people.Any(Creature.IsCalled) ? 1.6 : 1;
        var left = middle - (gap * (people.Count - 1) / 2);
        for (var i = 0; i < people.Count; i++)
        {
            var x = left + (i * gap) + stage.Between(-12, 12);
            var y = feet - ((i % 2) * tall * 0.04);
            var facing = facingEachOther ? (x < middle ? 1 : -1) : stage.LightSide;
            facing = people.Count == 1 ? stage.LightSide : facing;
            Figure.Draw(stage, people[i], (x, y), tall, PoseOf(stage, i), facing);
        }
    }

    private static Pose PoseOf(Stage stage, int place)
    {
        var shot = stage.Brief.Shot;
        if (shot == Shot.Tracking
            || (place == 0 && stage.Shows("ran", "run", "running", "raced", "fled", "chased", "rushed", "hurried")))
        {
            return Pose.Run;
        }

        if (place == 0 && stage.Shows("climbed", "climb", "climbing", "ladder"))
        {
            return Pose.Climb;
        }

        if (place == 0 && stage.Shows("lantern", "lamp", "torch", "candle", "light", "lit"))
        {
            return Pose.Hold;
        }

        return shot is Shot.TwoShot or Shot.OverTheShoulder or Shot.Medium
            ? place == 0 ? Pose.Talk : stage.Dice.Chance(0.4) ? Pose.Point : Pose.Stand
            : place == 0 ? Pose.Point : Pose.Stand;
    }

    private static void DrawSpeed(Stage stage)
    {
        var colour = stage.Colours.Light;
        for (var i = 0; i < 22; i++)
        {
            var y = stage.Between(80, 390);
            var x = stage.Between(-20, 800);
            stage.Svg.Add(
                $"<path d=\"M{x} {y} h{stage.Between(60, 240)}\" stroke=\"{colour}\" "
                + $"stroke-width=\"{stage.Between(0.8, 2.4)}\" opacity=\"{stage.Between(0.12, 0.4)}\" "
                + $"stroke-linecap=\"round\"/>");
        }
    }
}
