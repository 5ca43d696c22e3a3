namespace Sojourn.Engine;

/// <summary>Begins a session, and finds it a place.</summary>
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
                IsFresh = options.Fresh,
                OperationId = options.OperationId,
                Place = place,
                Fullness = fullness,
                GiveUp = giveUp,
            };
            answer = await parts.Runner.SubmitAsync(request).AsTask().WaitAsync(giveUp).ConfigureAwait(false);
            if (!request.LacksPlace || !await MakePlaceAsync(fullness, giveUp).ConfigureAwait(false))
            {
                return answer;
            }
        }

        return answer;
    }

    private async ValueTask<bool> MakePlaceAsync(Fullness fullness, CancellationToken giveUp) =>
        fullness != Fullness.Quota && kind.Policy.WhenFull != WhenFull.Refuse
        && await parts.Evictor.TryEvictAsync(
            kind, fullness == Fullness.Share ? options.Owner : null, giveUp).ConfigureAwait(false);
}
