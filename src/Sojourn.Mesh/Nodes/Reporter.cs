using System.Collections.Immutable;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nodes;

/// <summary>
/// Tells the party's server what this node knows of itself: the newest only, however often that changes while the
/// server is not reached.
/// </summary>
internal sealed class Reporter(PartySeat seat, TimeProvider time)
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(25), Retry = TimeSpan.FromSeconds(1),
        PathsEvery = TimeSpan.FromSeconds(1), PathsPerMember = TimeSpan.FromMilliseconds(100),
        // A seat may ask 40 times a second.
        UrgentEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _guard = new();
    private ImmutableArray<Candidate>? _candidates;
    private NatReport? _nat;
    private ImmutableArray<PathReport>? _paths;
    private ImmutableArray<PathReport> _told = [];
    private TaskCompletionSource _news = New(), _urgent = New();

    /// <summary>Where this node may be reached.</summary>
    public void Tell(ImmutableArray<Candidate> candidates) =>
        Change(() => _candidates = candidates, isUrgent: true);

    /// <summary>What its NAT is.</summary>
    public void Tell(NatReport nat) => Change(() => _nat = nat, isUrgent: true);

    /// <summary>How it reaches the others.</summary>
    public void Tell(ImmutableArray<PathReport> paths, bool isUrgent)
    {
        lock (_guard)
        {
            if (!isUrgent && paths.Length == _told.Length
                && paths.Zip(_told).All(pair => IsAbout(pair.First, pair.Second)))
            {
                return;
            }
        }

        Change(() => _paths = paths, isUrgent);
    }

    /// <summary>Says it again: the server may not know.</summary>
    public void Repeat() => Change(() => { }, isUrgent: true);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var isDone = await TrySendAsync(stop);
            await WaitAsync(Task.Delay(UrgentEvery, time, stop));
            using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await WaitAsync(Task.WhenAny(
                Volatile.Read(ref _news).Task, Task.Delay(isDone ? BeatEvery : Retry, time, until.Token)));
            if (isDone)
            {
                // What is measured changes all the time; others wait for the rest.
                await WaitAsync(Task.WhenAny(
                    Volatile.Read(ref _urgent).Task,
                    Task.Delay(PathsEvery + (PathsPerMember * _told.Length), time, until.Token)));
            }

            await until.CancelAsync();
        }
    }

    private static async Task WaitAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<bool> TrySendAsync(CancellationToken stop)
    {
        OwnNews next;
        lock (_guard)
        {
            next = new(_candidates, _nat, _paths);
            (_news, _urgent) = (New(), New());
        }

        try
        {
            if (next == new OwnNews(null, null, null))
                await seat.AskAsync<Pulse>("heartbeat", giveUp: stop);
            else
                await seat.AskAsync<Pulse>(
                    "report", new { candidates = next.Candidates, nat = next.Nat, paths = next.Paths }, stop);
            Told(next);
            return true;
        }
        catch (SojournProblemException refused) when (refused.Problem.Status == 422)
        {
            // Said again it would be refused again; the next heartbeat keeps the seat.
            Told(next);
            return true;
        }
        catch (SojournClientException)
        {
            // The server says no, or is not there: what is known by then is told in a moment.
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What was told is not told again, unless it has changed meanwhile.</summary>
    private void Told(OwnNews news)
    {
        lock (_guard)
        {
            if (_candidates == news.Candidates)
                _candidates = null;
            if (_nat == news.Nat)
                _nat = null;
            if (_paths == news.Paths)
                _paths = null;
            _told = news.Paths ?? _told;
        }
    }

    /// <summary>Whether somebody who looks on would call it the same.</summary>
    private static bool IsAbout(PathReport now, PathReport told) =>
        now with { LatencyMs = told.LatencyMs, LossPercent = told.LossPercent } == told
        && Math.Abs(now.LossPercent - told.LossPercent) < 5
        && Math.Abs((now.LatencyMs ?? -1) - (told.LatencyMs ?? -1)) < 1 + ((told.LatencyMs ?? 0) / 10);

    private void Change(Action change, bool isUrgent)
    {
        lock (_guard)
        {
            change();
            _news.TrySetResult();
            if (isUrgent)
                _urgent.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly record struct OwnNews(
        ImmutableArray<Candidate>? Candidates, NatReport? Nat, ImmutableArray<PathReport>? Paths);
}
