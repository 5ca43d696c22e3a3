using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Kinds.Agents.Terminals;

/// <summary>
/// The screen of a living terminal. Whoever has the lock sees it as it is in the log: a picture never shows what a
/// crash could take back.
/// </summary>
/// <param name="child">The program.</param>
/// <param name="before">The session as it stood when the program was started.</param>
/// <param name="scrollback">How many lines above the screen are kept.</param>
[SuppressMessage("Design", "CA1001", Justification = "Clients may ask for a picture late, when its program is gone.")]
internal sealed class ScreenKeeper(ChildProcess child, Agent before, int scrollback) : LiveTerminal
{
    // Who types into a program that does not read is told so, and not held up for ever.
    private static readonly TimeSpan TypeWithin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _drawing = new(1);
    private readonly ScreenOutput _output = new();
    private readonly TerminalAnswers _answers = new(child);
    private readonly Screen _screen = new(before.Size, scrollback);
    private TerminalSize _size = before.Size;
    private long _entries = before.OutputEntries;

    public override ValueTask<int> TypeAsync(ReadOnlyMemory<byte> keys) =>
        child.WriteAsync(keys, TypeWithin, CancellationToken.None);

    /// <summary>
    /// As Ctrl-C. While the program does not read, and what was typed before is in the way, what that does for most
    /// programs is done instead: what has the keyboard is signalled.
    /// </summary>
    public async Task InterruptAsync()
    {
        if (await child.WriteAsync(new byte[] { 3 }, TimeSpan.Zero, CancellationToken.None) == 0)
            child.Signal(ChildSignal.Interrupt);
    }

    public override async Task<ScreenPicture> PictureAsync(CancellationToken giveUp)
    {
        await _drawing.WaitAsync(giveUp);
        try
        {
            return new ScreenPicture(_entries, _size, _screen.Snapshot(), _screen.Text());
        }
        finally
        {
            _drawing.Release();
        }
    }

    /// <summary>
    /// Tells that the program can be used, and that its screen is empty, whatever was drawn before it.
    /// </summary>
    public async Task BeginAsync(ProgramLink link, CancellationToken stop)
    {
        await _drawing.WaitAsync(stop);
        try
        {
            AgentNews[] news = [new AgentNews.Ready(), new AgentNews.Pictured(_screen.Snapshot(), _size)];
            await link.TellAsync(_entries > 0 ? news : news[..1], stop);
        }
        finally
        {
            _drawing.Release();
        }
    }

    /// <summary>
    /// Gives the terminal another size, if it has not that already. Its picture is kept: what was drawn before is not
    /// drawn again on a screen of the new size.
    /// </summary>
    public async Task ResizeAsync(TerminalSize size, ProgramLink link, CancellationToken stop)
    {
        if (size == _size)
            return;
        await _drawing.WaitAsync(stop);
        try
        {
            _screen.Resize(size);
            child.Resize(size);
            _size = size;
            if (_entries > 0)
                await link.TellAsync(new AgentNews.Pictured(_screen.Snapshot(), size), stop);
        }
        finally
        {
            _drawing.Release();
        }
    }

    /// <summary>Takes what the program drew, brings it into the log, and answers what the program asked.</summary>
    /// <returns>How much went into the log.</returns>
    public async Task<long> DrawAsync(
        ReadOnlySequence<byte> bytes, bool isLast, bool takePicture,
        Func<IReadOnlyList<AgentNews>, CancellationToken, Task<Refusal?>> tell, CancellationToken stop)
    {
        await _drawing.WaitAsync(stop);
        try
        {
            _output.Clear();
            foreach (var part in bytes)
            {
                _screen.Write(part.Span, _output);
            }

            if (isLast)
                _screen.End(_output);
            _answers.Add(_output.Answers.Span);
            List<AgentNews> news = [];
            if (_output.Log.Length > 0)
                news.Add(new AgentNews.Drawn(_output.Log.ToArray()));
            if (takePicture)
                news.Add(new AgentNews.Pictured(_screen.Snapshot(), _size));
            if (news.Count > 0)
                await tell(news, stop);
            _entries += _output.Log.Length > 0 ? 1 : 0;
            return _output.Log.Length;
        }
        finally
        {
            _drawing.Release();
        }
    }
}
