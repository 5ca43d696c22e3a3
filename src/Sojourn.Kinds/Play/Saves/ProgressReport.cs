namespace Sojourn.Kinds.Play.Saves;

/// <summary>Tells of a save's progress, and does not let a listener that throws harm the save.</summary>
internal sealed class ProgressReport(IProgress<SaveProgress>? listener)
{
    private IProgress<SaveProgress>? _listener = listener;

    public void At(SaveStage stage, double fraction)
    {
        try
        {
            _listener?.Report(new SaveProgress(stage, fraction));
        }
        catch (Exception)
        {
            // Whoever watches a bar is not worth a save. It is not told again.
            _listener = null;
        }
    }
}
