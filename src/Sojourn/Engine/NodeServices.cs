using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>What drivers need of the node they run on.</summary>
/// <param name="Name">Names this process among those that share the store; new at each start.</param>
/// <param name="LeaseLength">How long a lease lasts unless it is renewed.</param>
/// <param name="Store">Where leases are kept.</param>
/// <param name="Runner">Takes reports.</param>
/// <param name="Streams">Reads streams.</param>
/// <param name="Observers">Are told what happens.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">For the operator.</param>
internal sealed record NodeServices(
    string Name,
    TimeSpan LeaseLength,
    ISessionStore Store,
    Runner Runner,
    SessionStreams Streams,
    Observers Observers,
    TimeProvider Time,
    ILogger Log);
