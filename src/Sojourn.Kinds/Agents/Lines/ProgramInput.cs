using System.Threading.Channels;
using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Writes lines to a program, each whole or not at all as far as the program can tell.</summary>
internal sealed class ProgramInput(ProgramLink link)
{
    /// <summary>How long a program may leave its input unread; then it is not spoken with any more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int MostPosted = 1000;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    // A line was given up in its middle: whatever followed it would be read as its end.
    private volatile bool _isCutOff;

    private readonly Channel<byte[]> _posted = Channel.CreateBounded<byte[]>(MostPosted);

    /// <summary>Writes a line.</summary>
    /// <returns>False if the program has ended, its input was closed, or a line before was given up.</returns>
    /// <exception cref="AgentProgramException">It lives and does not read.</exception>
    public async Task<bool> WriteAsync(byte[] line, CancellationToken stop)
    {
        if (_isCutOff)
        {
            return false;
        }

        var taken = await link.Child.WriteAsync(line, Patience, stop);
        if (taken == line.Length)
        {
            return true;
        }

        _isCutOff |= taken > 0;
        stop.ThrowIfCancellationRequested();
        if (link.Child.IsInputClosed)
        {
            return false;
        }

        try
        {
            // What has just ended is no fault of its input.
            await link.Child.Exited.WaitAsync(EndPatience, link.Time, stop);
            return false;
        }
        catch (TimeoutException)
        {
            throw new AgentProgramException("It does not read its input.");
        }
    }

    /// <summary>
    /// Has <see cref="RunAsync"/> write it. Whoever reads a program's output must not wait for it to read its input: it
    /// may be waiting for its output to be read.
    /// </summary>
    /// <exception cref="AgentProgramException">Very many lines wait: it asks, and does not read the
    /// answers.</exception>
    public void Post(byte[] line)
    {
        if (!_posted.Writer.TryWrite(line))
        {
            throw new AgentProgramException("It asks faster than it reads the answers.");
        }
    }

    /// <summary>Writes what is posted, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var line in _posted.Reader.ReadAllAsync(stop))
        {
            await WriteAsync(line, stop);
        }
    }
}
