using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Bench;

/// <summary>
/// A program on a pseudo-terminal of this process that is read and looked through for marks, and no more: the least
/// that whoever shows a terminal must do.
/// </summary>
internal sealed class PseudoTerminal : BenchTerminal
{
    private static readonly TimeSpan TypeWithin = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _child;
    private readonly Task _reading;

    private PseudoTerminal(ChildProcess child, string greeting)
        : base(greeting)
    {
        _child = child;
        _reading = Task.Run(ReadAsync);
    }

    public static PseudoTerminal Start(BenchProgram program)
    {
        var start = new ChildProgram(
            program.Command, program.Arguments, "/tmp", BenchProgram.Environment, new ProcessMarker("bench", "bench"));
        return new PseudoTerminal(
            ChildProcess.StartOnTerminal(start, BenchProgram.Size, TimeProvider.System), program.Greeting);
    }

    public override async ValueTask TypeAsync(ReadOnlyMemory<byte> keys) =>
        await _child.WriteAsync(keys, TypeWithin, CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        while (await _child.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
        {
            Take(buffer.AsSpan(0, read));
        }
    }
}
