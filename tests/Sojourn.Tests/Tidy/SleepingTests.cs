namespace Sojourn.Tests.Tidy;

internal static class SleepingTests
{
    public static IEnumerable<Finding> Check(SourceFile file) => NameUses.Find(file, ["Thread.Sleep", "Task.Delay"],
        "hopes that things are ready by then. Turn the manual clock, or await a signal.");
}
