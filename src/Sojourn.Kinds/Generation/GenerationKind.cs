namespace Sojourn.Kinds.Generation;

/// <summary>
/// A story becomes a storyboard: read, cut into scenes, each written and drawn, stored one by one; then edited,
/// regenerated and approved by people.
/// </summary>
public sealed partial class GenerationKind : Kind<Generation>
{
    /// <summary>The kind's name on the wire.</summary>
    public const string KindName = "generation";

    /// <summary>The stream that holds the pictures, an entry each.</summary>
    public const string PictureStream = "pictures";

    // A wake-up that comes later than this was slept through: the node was down, and the work had no chance to
    // progress.
    private static readonly TimeSpan PunctualWithin = TimeSpan.FromMinutes(2);

    private readonly TimeSpan _stuckAfter;

    /// <summary>Builds the rules.</summary>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public GenerationKind(GenerationOptions? options = null)
        : base(KindName, (options ??= new GenerationOptions()).ToPolicy())
    {
        _stuckAfter = options.StuckAfter;

        Start<StartGeneration>(Begin);
        On<Cancel>(OnCancel);
        On<Retry>(OnRetry);
        On<EditScene, Scene>(OnEdit);
        On<RegenerateScene>(OnRegenerate);
        On<ApproveScenes>(OnApprove);

        OnDriver<TakeUp>(OnTakeUp);
        OnDriver<ReportAnalysis>(OnAnalysis);
        OnDriver<ReportPlan>(OnPlan);
        OnDriver<ReportText>(OnText);
        OnDriver<ReportPicture>(OnPicture);
        OnDriver<ReportFinished>(OnFinished);
        OnDriver<ReportFailure>(OnFailure);

        Emits<GenerationRequested>();
        Emits<GenerationStarted>();
        Emits<StoryAnalysed>();
        Emits<ScenesPlanned>();
        Emits<ProgressMade>();
        Emits<SceneMade>();
        Emits<PieceFellBack>();
        Emits<SceneEdited>();
        Emits<SceneRegenerationStarted>();
        Emits<ScenesApproved>();
        Emits<GenerationCompleted>();
        Emits<GenerationFailed>();
        Emits<GenerationCancelled>();
        Emits<GenerationRetried>();
    }

    /// <inheritdoc />
    protected override string StatusOf(Generation state) => state.Status switch
    {
        GenerationStatus.Pending => "pending",
        GenerationStatus.Processing => "processing",
        GenerationStatus.Downloading => "downloading",
        GenerationStatus.Completed => "completed",
        GenerationStatus.Failed => "failed",
        _ => "cancelled",
    };

    /// <inheritdoc />
    protected override DateTimeOffset? WakeAt(Generation state) =>
        // Waiting for a turn is not being stuck, however long the queue.
        state.Status is GenerationStatus.Processing or GenerationStatus.Downloading
            ? state.WatchedSince + _stuckAfter
            : null;

    /// <inheritdoc />
    protected override Step<Generation> Wake(Generation state, RuleContext context)
    {
        if (WakeAt(state) is not { } due || context.Now < due)
        {
            return Go(state);
        }

        if (context.Now - due > PunctualWithin)
        {
            return Go(state with { WatchedSince = context.Now });
        }

        return Fail(state, $"Stuck: nothing has been achieved for {Spell(_stuckAfter)}. "
            + "Retry goes on with what is missing.", context);
    }

    /// <inheritdoc />
    protected override Step<Generation> DriverEnded(Generation state, DriverExit exit, RuleContext context) =>
        // A driver that merely returned has seen that its run is over; it is given the session again.
        !state.IsBusy || exit.Error is null ? Go(state) : Fail(state, exit.Error, context);

    private static Step<Generation> Begin(StartGeneration start, RuleContext context)
    {
        var request = start with { StoryText = (start.StoryText ?? "").Trim() };
        if (StoryRules.Check(request) is { } fault)
        {
            return Invalid(fault.Field, fault.Code, fault.Message);
        }

        var generation = new Generation
        {
            Request = request,
            Work = new Work(WorkKind.Storyboard),
            LastProgressAt = context.Now,
            WatchedSince = context.Now,
        };
        var words = Text.Words.Count(request.StoryText);
        return Go(generation)
            .Event(new GenerationRequested(request.MediaType, request.NumScenes, words, generation.Progress));
    }

    private static Step<Generation> Fail(Generation state, string reason, RuleContext context)
    {
        var failed = state with
        {
            Status = GenerationStatus.Failed,
            Error = MadePiece.Spoken(reason),
            EndedAt = context.Now,
        };
        return Go(failed)
            .Event(new GenerationFailed(
                failed.Run, failed.Error, failed.Scenes.Count, failed.Progress, failed.UsageToTell));
    }

    /// <summary>Time has brought something: what is stuck is counted from now.</summary>
    private static Generation Progressed(Generation state, RuleContext context) =>
        state with { LastProgressAt = context.Now, WatchedSince = context.Now };

    /// <summary>A new run begins; reports of earlier ones are refused from now on.</summary>
    private static Generation NewRun(Generation state, GenerationStatus status, Work work, RuleContext context) =>
        Progressed(state, context) with
        {
            Status = status,
            Run = state.Run + 1,
            Work = work,
            Error = null,
            EndedAt = null,
        };

    private static string Spell(TimeSpan time) =>
        time.TotalMinutes >= 2 ? $"{time.TotalMinutes:0.#} minutes" : $"{time.TotalSeconds:0.#} seconds";
}
