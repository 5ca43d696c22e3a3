namespace Sojourn.Kinds.Generation;

/// <summary>How far a generation is: reading and planning is one step, each scene is one, finishing is one.</summary>
/// <param name="CurrentStep">Steps done.</param>
/// <param name="TotalSteps">The number of scenes and 2.</param>
/// <param name="Percentage">0 to 100, to 0.1; 100 only when completed. Never falls within a run.</param>
/// <param name="Description">What is being done, for people.</param>
public sealed record Progress(int CurrentStep, int TotalSteps, double Percentage, string Description)
{
    internal static Progress Of(Generation generation)
    {
        var total = generation.Request.NumScenes + 2;
        var current = generation.Status == GenerationStatus.Completed ? total : StepsDone(generation);
        var percentage = Math.Round(100.0 * current / total, 1, MidpointRounding.AwayFromZero);
        return new Progress(current, total, percentage, Describe(generation));
    }

    private static int StepsDone(Generation generation)
    {
        var isRemade = generation.Work is { What: WorkKind.Scene };
        return (generation.Plan.Count > 0 ? 1 : 0) + generation.Scenes.Count - (isRemade ? 1 : 0);
    }

    private static string Describe(Generation generation) => generation.Status switch
    {
        GenerationStatus.Pending => "Waiting for its turn",
        GenerationStatus.Processing => DescribeWork(generation),
        GenerationStatus.Downloading => "Checking the approved pictures",
        GenerationStatus.Completed => "Done",
        GenerationStatus.Failed => "Failed",
        _ => "Cancelled",
    };

    private static string DescribeWork(Generation generation)
    {
        if (generation.Analysis is null)
        {
            return "Reading the story";
        }

        if (generation.Plan.Count == 0)
        {
            return "Planning the scenes";
        }

        var total = generation.Request.NumScenes;
        var verb = generation.Draft is null ? "Writing" : "Drawing";
        return generation.Work switch
        {
            { What: WorkKind.Scene, Scenes: [var number] } => $"{verb} scene {number} of {total} anew",
            _ when generation.Scenes.Count == total => "Putting the storyboard together",
            _ => $"{verb} scene {generation.Missing.First()} of {total}",
        };
    }
}
