namespace Sojourn.Bench;

/// <summary>Who runs programs on terminals: one of those that are compared.</summary>
/// <param name="name">What it is called in the figures.</param>
internal abstract class TerminalHost(string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    /// <summary>Starts a program, and watches it.</summary>
    public abstract Task<BenchTerminal> OpenAsync(BenchProgram program);

    /// <summary>Ends all that it has started.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Nobody between the program and whoever watches.</summary>
internal sealed class BareTerminals() : TerminalHost("limit: bare pseudo-terminal, read alone")
{
    public override async Task<BenchTerminal> OpenAsync(BenchProgram program)
    {
        var terminal = PseudoTerminal.Start(program);
        await terminal.Ready;
        return terminal;
    }

    /// <summary>Its terminals are all that it has.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
