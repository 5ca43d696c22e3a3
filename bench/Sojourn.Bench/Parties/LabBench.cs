using System.Globalization;
using System.Runtime.InteropServices;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>What benchmarks in a laboratory have in common: whether they can run, and that nothing is left of them.
/// </summary>
internal static class LabBench
{
    private static readonly string[] Places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Runs one; Ctrl-C ends it in good order.</summary>
    /// <param name="tools">The programs that it cannot do without.</param>
    /// <param name="runAsync">Measures; gets the laboratory and a directory that is removed afterwards.</param>
    public static async Task RunAsync(
        IEnumerable<string> tools, Func<Laboratory, string, CancellationToken, Task> runAsync)
    {
        if ((Laboratory.WhyNot() ?? Missing(tools)) is { } why)
        {
            Console.WriteLine($"  left out: {why}");
            return;
        }

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // Also a second one, as some tools send: else networks and programs would be left. No wait is without end.
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
        try
        {
            await using var lab = await Laboratory.BuildAsync();
            await runAsync(lab, directory.FullName, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Environment.ExitCode = 130;
            Console.WriteLine("  interrupted");
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or IOException)
        {
            Environment.ExitCode = 1;
            Console.WriteLine($"  broken off: {failure.Message}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Why something cannot be run; null if it can.</summary>
    public static string? Missing(IEnumerable<string> tools) =>
        tools.FirstOrDefault(tool => !Places.Any(place => File.Exists(Path.Combine(place, tool)))) is { } missing
            ? $"'{missing}' is not installed" : null;

    /// <summary>Two machines behind routers of a kind.</summary>
    public static async Task<(LabHost One, LabHost Other)> PairAsync(Laboratory lab, string name, LabNat nat) =>
        (await lab.AddAsync($"{name}1", nat), await lab.AddAsync($"{name}2", nat));

    public static void Tell(FormattableString line) =>
        Console.WriteLine("  " + line.ToString(CultureInfo.InvariantCulture));
}
