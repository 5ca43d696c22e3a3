namespace Sojourn.Server.Guarding;

/// <summary>
/// Names that stand in the server's own paths below a session. A command that is called so could not be reached, so it
/// is refused before the first request and not found out by one. Names of kinds the engine refuses by itself.
/// </summary>
internal static class ReservedNames
{
    private static readonly string[] Commands = ["events", "labels", "remove", "restore", "touch"];

    /// <exception cref="SojournException">Names all that cannot be.</exception>
    public static void Check(SojournEngine engine)
    {
        var faults = engine.Kinds.Values.SelectMany(FaultsOf).ToList();
        if (faults.Count > 0)
        {
            throw new SojournException(
                $"{string.Join(" ", faults)} The server has paths of these names; choose others.");
        }
    }

    private static IEnumerable<string> FaultsOf(KindDescription kind) =>
        kind.Commands.Keys.Intersect(Commands).Order(StringComparer.Ordinal)
            .Select(command => $"The kind '{kind.Name}' cannot have a command '{command}' here.");
}
