using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Sojourn.Engine;

/// <summary>
/// The engine's figures for whoever listens: a meter named <c>Sojourn</c>, and an activity source of the same name.
/// They are read from what is counted anyway, so listening costs sessions nothing.
/// </summary>
internal sealed partial class EngineMeter : IDisposable
{
    public const string Name = "Sojourn";

    public static readonly ActivitySource Activities = new(Name);

    private readonly EngineParts _parts;
    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _commits;
    private readonly ILogger _log;

    public EngineMeter(EngineParts parts, ILogger log)
    {
        (_parts, _log) = (parts, log);
        _commits = _meter.CreateHistogram<double>(
            "sojourn.commit.duration", "s", "How long commits took.");
        _meter.CreateObservableUpDownCounter(
            "sojourn.sessions", BySession, "{session}", "Sessions, by kind and status.");
        _meter.CreateObservableUpDownCounter(
            "sojourn.sessions.in_memory", InMemory, "{session}", "Sessions in memory, by kind.");
        _meter.CreateObservableCounter(
            "sojourn.commands", Commands, "{command}", "Commands decided, by kind and outcome.");
        _meter.CreateObservableCounter(
            "sojourn.sessions.changed", Changes, "{session}", "Sessions that began or ended, by kind and how.");
        _meter.CreateObservableUpDownCounter(
            "sojourn.store.pending", () => parts.Committer.PendingSteps, "{step}", "Steps on their way to the store.");
        _meter.CreateObservableUpDownCounter(
            "sojourn.store.lag", () => parts.Store.Lag.Bytes, "By", "Log that is safe but not yet in its final place.");
        parts.Committer.Committed = Record;
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Listeners are the application's, and run here: what one throws is no failure of the commit.</summary>
    private void Record(TimeSpan took)
    {
        try
        {
            _commits.Record(took.TotalSeconds);
        }
        catch (Exception broken)
        {
            LogNotMeasured(broken);
        }
    }

    [LoggerMessage(105, LogLevel.Warning, "A listener failed when it was told how long a commit took.")]
    private partial void LogNotMeasured(Exception broken);

    private IEnumerable<Measurement<long>> BySession() => _parts.Kinds.SelectMany(kind => kind.Statuses.Select(
        status => new Measurement<long>(kind.Tally.Of(status), Kind(kind), new("sojourn.status", status.Name))));

    private IEnumerable<Measurement<long>> InMemory() => _parts.Kinds.Select(kind => new Measurement<long>(
        kind.IsVolatile ? kind.Tally.Sessions : kind.Residents.Count, Kind(kind)));

    private IEnumerable<Measurement<long>> Commands()
    {
        foreach (var kind in _parts.Kinds)
        {
            var failed = kind.Counters.Of(Counted.Failed);
            yield return new(
                kind.Counters.Of(Counted.Commands) - failed, Kind(kind), new("sojourn.outcome", "decided"));
            yield return new(failed, Kind(kind), new("sojourn.outcome", "failed"));
        }
    }

    private IEnumerable<Measurement<long>> Changes()
    {
        (Counted What, string Name)[] all =
        [
            (Counted.Created, "created"), (Counted.Removed, "removed"), (Counted.Expired, "expired"),
            (Counted.Evicted, "evicted"), (Counted.Passivated, "passivated"), (Counted.Loaded, "loaded"),
            (Counted.Recovered, "recovered"), (Counted.Damaged, "damaged"),
        ];
        return _parts.Kinds.SelectMany(kind => all.Select(
            one => new Measurement<long>(kind.Counters.Of(one.What), Kind(kind), new("sojourn.change", one.Name))));
    }

    private static KeyValuePair<string, object?> Kind(KindRuntime kind) => new("sojourn.kind", kind.Name);
}
