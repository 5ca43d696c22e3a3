using System.Net;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>Something that makes a network between two machines of a laboratory.</summary>
/// <param name="name">What it is called.</param>
/// <param name="one">The machine that pings, and that joins the other where one is there already.</param>
/// <param name="other">The other machine.</param>
internal abstract class NetworkSystem(string name, LabHost one, LabHost other) : IAsyncDisposable
{
    public string Name => name;

    public LabHost One => one;

    public LabHost Other => other;

    /// <summary>Where the other may be, as far as that is known before it is there.</summary>
    public abstract IReadOnlyList<IPAddress> Places { get; }

    /// <summary>Has all that comes before the two machines' own programs, anew: nothing is known of the last time.
    /// </summary>
    public virtual async Task PrepareAsync(CancellationToken stop)
    {
        await one.RebootRouterAsync();
        await other.RebootRouterAsync();
    }

    /// <summary>Starts what a machine's user starts.</summary>
    public abstract LabProgram Begin(LabHost host);

    /// <summary>Where the other turned out to be.</summary>
    public virtual Task<IPAddress> FindOtherAsync(LabProgram ones, TimeSpan patience, CancellationToken stop) =>
        Task.FromResult(Places[0]);

    /// <summary>When both had a direct way; null for a system that does not say.</summary>
    public virtual Task<long?> FindDirectAsync(
        LabProgram ones, LabProgram others, TimeSpan patience, CancellationToken stop) => Task.FromResult<long?>(null);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
