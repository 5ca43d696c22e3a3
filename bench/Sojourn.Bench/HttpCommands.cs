namespace Sojourn.Bench;
internal static class HttpCommands
{
    public static Task RunAsync(double seconds) => Task.CompletedTask;
}
