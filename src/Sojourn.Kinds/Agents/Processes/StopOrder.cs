namespace Sojourn.Kinds.Agents.Processes;

/// <summary>A way to make a program end.</summary>
internal enum StopBy
{
    /// <summary>By its own protocol.</summary>
    Asking,

    /// <summary>Saying that no more input comes.</summary>
    ClosingInput,

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    Interrupting,

    /// <summary>SIGHUP, as a terminal sends it that goes away. Left out on pipes.</summary>
    HangingUp,

    /// <summary>SIGTERM.</summary>
    Terminating,

    /// <summary>SIGKILL, which no program can refuse.</summary>
    Killing,
}

/// <summary>A step of the ladder.</summary>
/// <param name="By">What is done.</param>
/// <param name="Wait">How long the program then has before the next step.</param>
internal sealed record StopStep(StopBy By, TimeSpan Wait);

/// <summary>What to stop, and how gently.</summary>
/// <param name="Child">The program. Whoever reads what it writes goes on, so that it is not held up.</param>
/// <param name="Steps">In order. It is killed after the last, also if that is not among them.</param>
internal sealed record StopOrder(ChildProcess Child, IReadOnlyList<StopStep> Steps)
{
    /// <summary>For programs that can be asked, or that end with their input; 9 seconds in all.</summary>
    public static IReadOnlyList<StopStep> Gently { get; } =
    [
        new(StopBy.Asking, TimeSpan.FromSeconds(2)),
        new(StopBy.ClosingInput, TimeSpan.FromSeconds(3)),
        new(StopBy.Interrupting, TimeSpan.FromSeconds(2)),
        new(StopBy.Terminating, TimeSpan.FromSeconds(2)),
    ];

    /// <summary>
    /// For shells and other programs on a terminal; 4 seconds in all. A shell heeds neither SIGINT nor SIGTERM, and
    /// takes the end of a terminal to its jobs.
    /// </summary>
    public static IReadOnlyList<StopStep> OnTerminal { get; } =
    [
        new(StopBy.HangingUp, TimeSpan.FromSeconds(2)),
        new(StopBy.Terminating, TimeSpan.FromSeconds(2)),
    ];

    /// <summary>Asks the program to end, by its own protocol. Null if it has none; the step is then left out.</summary>
    public Func<CancellationToken, Task>? Ask { get; init; }

    /// <summary>
    /// Is told of each step as it is taken. Must not throw or block; what it writes is for it to queue.
    /// </summary>
    public Action<StopNote>? Tell { get; init; }
}
