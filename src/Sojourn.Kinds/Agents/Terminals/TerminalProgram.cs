using System.Buffers;
using System.IO.Pipelines;
using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Terminals;

/// <summary>
/// Any program on a terminal: what it draws goes into the log, and onto a screen that late joiners
/// get.
/// </summary>
internal sealed class TerminalProgram(AgentOptions options) : IAgentProgram
{
    // So much goes into the log as one entry; while it is being written, the next gathers.
    private const int LargestEntry = 256 << 10, LargestBacklog = 512 << 10, Portion = 32 << 10;

    // What is drawn again at most, after the server was killed.
    private const long PictureEvery = 1 << 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private Agent? _before;
    private ScreenKeeper? _keeper;
    private int _interruptions = -1;

    public ProgramStart StartOf(Agent agent)
    {
        _before = agent;
        return new(OnTerminal: true, []);
    }

    public async Task SpeakAsync(ProgramLink link, CancellationToken stop)
    {
        var keeper = KeeperOf(link);
        link.Live!.Terminal = keeper;
        await keeper.BeginAsync(link, stop);

        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: LargestBacklog, resumeWriterThreshold: LargestBacklog / 2,
            useSynchronizationContext: false));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var filling = FillAsync(pipe.Writer, link, over.Token);
        var looking = LookAsync(link, over.Token);
        try
        {
            await LogAsync(pipe.Reader, link, stop);
        }
        finally
        {
            await over.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task ObeyAsync(Agent agent, ProgramLink link, CancellationToken stop)
    {
        var keeper = KeeperOf(link);
        await keeper.ResizeAsync(agent.Size, link, stop);
        if (_interruptions >= 0 && agent.Interruptions > _interruptions)
            await keeper.InterruptAsync();
        _interruptions = agent.Interruptions;
    }

    public Task<bool> TryInterruptAsync(ProgramLink link, CancellationToken stop) => Task.FromResult(false);

    private ScreenKeeper KeeperOf(ProgramLink link) =>
        _keeper ??= new ScreenKeeper(link.Child, _before!, options.Scrollback);

    private static async Task FillAsync(PipeWriter writer, ProgramLink link, CancellationToken stop)
    {
        try
        {
            while (await link.Child.ReadAsync(writer.GetMemory(Portion), stop) is > 0 and var count)
            {
                writer.Advance(count);
                if ((await writer.FlushAsync(stop)).IsCompleted)
                    return;
            }
        }
        finally
        {
            await writer.CompleteAsync();
        }
    }

    private async Task LogAsync(PipeReader reader, ProgramLink link, CancellationToken stop)
    {
        var pace = new Pace(options.OutputBytesPerSecond, link.Time);
        long sincePicture = 0;
        while (true)
        {
            var read = await reader.ReadAsync(stop);
            var bytes = read.Buffer.Length > LargestEntry ? read.Buffer.Slice(0, LargestEntry) : read.Buffer;
            // Measured now: once the reader has advanced, their memory is that of what comes next.
            var count = bytes.Length;
            var isLast = read.IsCompleted && count == read.Buffer.Length;
            sincePicture += await _keeper!.DrawAsync(
                bytes, isLast, sincePicture + count >= PictureEvery || isLast, link.TellAsync, stop);
            reader.AdvanceTo(bytes.End);
            if (isLast)
                return;
            if (sincePicture >= PictureEvery)
                sincePicture = 0;
            await pace.KeepAsync(count, stop);
        }
    }

    /// <summary>A shell that waits has the keyboard itself; while another has it, something runs.</summary>
    private static async Task LookAsync(ProgramLink link, CancellationToken stop)
    {
        var wasBusy = false;
        using var timer = new PeriodicTimer(LookEvery, link.Time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var isBusy = link.Child.ForegroundGroup is { } group && group != link.Child.Pid;
            if (isBusy == wasBusy)
                continue;
            wasBusy = isBusy;
            await link.TellAsync(new AgentNews.ForegroundChanged(isBusy), stop);
        }
    }
}
