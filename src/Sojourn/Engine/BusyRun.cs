namespace Sojourn.Engine;

/// <summary>Tells one run of a session, from when it became busy to when it is not, from all others.</summary>
/// <param name="Life">When the session began.</param>
/// <param name="Since">The version that made it busy; 0 if it is not.</param>
internal readonly record struct BusyRun(DateTimeOffset Life, long Since)
{
    public static BusyRun Of(Snapshot? seen) => new(seen?.CreatedAt ?? default, seen?.BusySince ?? 0);
}
