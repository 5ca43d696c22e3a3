namespace Sojourn.Kinds.Generation;

// What the driver tells the rules. Each report names the run it belongs to, so that one which comes late, after a
// cancellation or a retry, changes nothing. Told twice, a report has its effect once.

/// <summary>A driver has taken the session up, at first or after a crash.</summary>
internal sealed record TakeUp(int Run) : ICommand;

internal sealed record ReportAnalysis(int Run, StoryAnalysis Analysis, Receipt? Receipt = null) : ICommand;

internal sealed record ReportPlan(int Run, IReadOnlyList<PlannedScene> Plan, Receipt? Receipt = null) : ICommand;

internal sealed record ReportText(
    int Run, int Number, int Revision, SceneText Text, Receipt? Receipt = null) : ICommand;

internal sealed record ReportPicture(
    int Run, int Number, int Revision, DrawnPicture Picture, Receipt? Receipt = null) : ICommand;

/// <summary>All that the run was about is done.</summary>
internal sealed record ReportFinished(int Run) : ICommand;

/// <summary>The run cannot go on.</summary>
internal sealed record ReportFailure(int Run, string Reason, Receipt? Receipt = null) : ICommand;

/// <summary>What the making has used, and why a fallback did it, if one did.</summary>
internal sealed record Receipt(Usage Usage, string? FallbackReason)
{
    public static Receipt Of(Bill bill) => new(bill.Usage, bill.FallbackReason);
}
