namespace Sojourn.Engine;

/// <summary>Begins a session: finds it a place, and, where it is asked to, removes what stands in its way.</summary>
internal sealed class Beginning(EngineParts parts, KindRuntime kind, CreateOptions options, SessionId id)
{
    /// <summary>How often others may be quicker before the caller is told to try again.</summary>
    private const int MaxAttempts = 16;

    public async ValueTask<Answer<object?>> RunAsync(
        object start, IReadOnlyDictionary<string, string> labels, CancellationToken giveUp)
    {
        Answer<object?> answer = default;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            giveUp.ThrowIfCancellationRequested();
            var cell = kind.CellOf(options.Owner, id);
            var place = Reservation.TryTake(kind, cell.Account, out var fullness);
            var request = new CreateRequest(cell, start, labels, options.GetIfExists && !options.Fresh)
            {
                OperationId = options.OperationId,
                Place = place,
                Fullness = fullness,
                GiveUp = giveUp,
            };
            answer = await parts.Runner.SubmitAsync(request).AsTask().WaitAsync(giveUp);
            var goesOn = request.LacksPlace
                ? await MakePlaceAsync(fullness, giveUp)
                : options.Fresh && answer.Problem?.Type == ProblemTypes.AlreadyExists
                    && await ClearAsync(answer.Problem.Current!.Version, giveUp);
            if (!goesOn)
            {
                return answer;
            }
        }

        return answer;
    }

    private async ValueTask<bool> MakePlaceAsync(Fullness fullness, CancellationToken giveUp) =>
        fullness != Fullness.Quota && kind.Policy.WhenFull != WhenFull.Refuse
        && await parts.Evictor.TryEvictAsync(
            kind, fullness == Fullness.Share ? options.Owner : null, giveUp);

    /// <summary>Removes the session that was seen, not one that somebody has begun since.</summary>
    private async ValueTask<bool> ClearAsync(long version, CancellationToken giveUp)
    {
        var request = new RemoveRequest(kind.CellOf(options.Owner, id)) { ExpectedVersion = version };
        var answer = await parts.Runner.SubmitAsync(request).AsTask().WaitAsync(giveUp);
        return answer.Problem is null or { Type: ProblemTypes.NotFound or ProblemTypes.VersionMismatch };
    }
}
