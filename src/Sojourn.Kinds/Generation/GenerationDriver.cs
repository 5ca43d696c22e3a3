using System.Security.Cryptography;

namespace Sojourn.Kinds.Generation;

/// <summary>
/// Makes the next missing piece, has it stored, and asks the session what is missing next. All that it knows is in
/// the session's state, so that after a crash another one goes on at the very piece that was being made.
/// </summary>
/// <param name="generator">What reads, writes and draws.</param>
public sealed class GenerationDriver(IStoryboardGenerator generator) : IDriver<Generation>
{
    /// <inheritdoc />
    public async Task DriveAsync(DrivenSession<Generation> session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(session);

        ValueTask<ReadOnlyMemory<byte>?> ReadPicture(long entry, CancellationToken giveUp) =>
            session.ReadEntryAsync(GenerationKind.PictureStream, entry, giveUp);

        var takenUp = 0;
        while (true)
        {
            var state = (await session.ReadAsync(stop)).State;
            if (!state.IsBusy)
            {
                return;
            }

            // Told once a run, so that the time nobody worked on it is not taken for being stuck.
            ICommand report = takenUp == state.Run ? await WorkAsync(state, ReadPicture, stop) : new TakeUp(state.Run);
            takenUp = state.Run;
            var answer = await session.SendAsync(report, stop);
            if (answer.Problem is { } problem && !GoesOn(problem))
            {
                return;
            }
        }
    }

    /// <summary>True if the session has moved on and is to be read again; false if it is no longer ours.</summary>
    private static bool GoesOn(Problem problem) => problem switch
    {
        { Type: ProblemTypes.LeaseLost or ProblemTypes.NotFound or ProblemTypes.Stopping } => false,
        { Code: GenerationKind.StaleRun } => true,
        // The rules do not take what the generator made: trying again would give the same.
        _ => throw new SojournException(problem),
    };

    /// <summary>Makes the next piece that the state lacks, and gives the report of it.</summary>
    internal async Task<ICommand> WorkAsync(Generation state, PictureReader readPicture, CancellationToken stop)
    {
        if (state.Work is { What: WorkKind.Approval, Scenes: { } approved })
        {
            return await CheckPicturesAsync(state, approved, readPicture, stop);
        }

        var bill = new Bill(state.Usage);
        try
        {
            return await MakeAsync(state, bill, stop);
        }
        catch (SojournException failure)
        {
            // What was used in vain counts too: else a session that is retried again and again never meets its budget.
            return new ReportFailure(state.Run, failure.Message, Receipt.Of(bill));
        }
    }

    private async Task<ICommand> MakeAsync(Generation state, Bill bill, CancellationToken stop)
    {
        var maker = generator.BilledTo(bill);
        if (state.Analysis is not { } analysis)
        {
            var found = await maker.AnalyseAsync(state.Request, stop);
            return new ReportAnalysis(state.Run, found, Receipt.Of(bill));
        }

        if (state.Plan.Count == 0)
        {
            var plan = await maker.PlanAsync(state.Request, analysis, stop);
            return new ReportPlan(state.Run, plan, Receipt.Of(bill));
        }

        if (Next(state) is not var (number, revision))
        {
            return new ReportFinished(state.Run);
        }

        var brief = new SceneBrief(state.Request, analysis, state.Plan, number, revision);
        if (state.Draft is { } draft && draft.Number == number && draft.Revision == revision)
        {
            var picture = await maker.DrawAsync(brief, draft.Text, stop);
            return new ReportPicture(state.Run, number, revision, picture, Receipt.Of(bill));
        }

        var text = await maker.WriteAsync(brief, stop);
        return new ReportText(state.Run, number, revision, text, Receipt.Of(bill));
    }

    /// <summary>The scene to make next, and in which revision; null if none is missing.</summary>
    private static (int Number, int Revision)? Next(Generation state)
    {
        if (state.Work is { What: WorkKind.Scene, Scenes: [var again] })
        {
            return (again, state.Find(again)!.Revision + 1);
        }

        var missing = state.Missing.FirstOrDefault();
        return missing == 0 ? null : (missing, 1);
    }

    /// <summary>
    /// An approved picture is a promise that it can be downloaded; so it is read before the promise is made.
    /// </summary>
    private static async Task<ICommand> CheckPicturesAsync(
        Generation state, IReadOnlyList<int> approved, PictureReader readPicture, CancellationToken stop)
    {
        foreach (var number in approved)
        {
            var picture = state.Find(number)!.Picture;
            var bytes = await readPicture(picture.Entry, stop);
            if (bytes is not { } held || Convert.ToHexStringLower(SHA256.HashData(held.Span)) != picture.Sha256)
            {
                var fault = bytes is null ? "is missing from the store" : "does not match its checksum";
                return new ReportFailure(state.Run,
                    $"The picture of scene {number} {fault}. Regenerate that scene, then approve again.");
            }
        }

        return new ReportFinished(state.Run);
    }
}
