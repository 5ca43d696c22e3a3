namespace Sojourn.Server.Guarding;

/// <summary>
/// Names that stand in the server's own paths. A kind or a command that is called so could not be reached, so it is
/// refused before the first request and not found out by one.
/// </summary>
internal static class ReservedNames
{
    // Besides those that the engine refuses by itself.
    private static readonly string[] Kinds = ["admin", "keys"];

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

    private static IEnumerable<string> FaultsOf(KindDescription kind)
    {
        if (Kinds.Contains(kind.Name))
        {
            yield return $"A kind cannot be named '{kind.Name}' here.";
        }

        foreach (var command in kind.Commands.Keys.Intersect(Commands).Order(StringComparer.Ordinal))
        {
            yield return $"The kind '{kind.Name}' cannot have a command '{command}' here.";
        }
    }
}
