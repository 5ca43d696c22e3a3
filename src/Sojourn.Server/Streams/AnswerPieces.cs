using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Streams;

/// <summary>
/// Sends an answer in pieces, so that no more of it waits in memory for a slow reader than one of them. A reader who
/// does not take a piece in time is cut off; so is one who does not keep up when the answer is to end.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="time">The clock.</param>
/// <param name="cutOff">Breaks the connection: an answer that is half sent cannot end in another way.</param>
/// <param name="stop">When the answer is to end.</param>
internal sealed class AnswerPieces(PipeWriter output, TimeProvider time, Action cutOff, CancellationToken stop)
{
    /// <summary>How much waits to be taken at once.</summary>
    public const int Piece = 64 << 10;

    /// <summary>How long a reader may take for a piece; the slowest modem is faster.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>To one who reads an answer by HTTP.</summary>
    public AnswerPieces(HttpContext context, TimeProvider time, CancellationToken stop)
        : this(context.Response.BodyWriter, time, context.Abort, stop)
    {
    }

    /// <summary>For what is short; <see cref="WriteAsync"/> or <see cref="FlushAsync"/> has to follow.</summary>
    public IBufferWriter<byte> Buffer => output;

    /// <summary>Writes, and sends what has come together if that is a piece.</summary>
    /// <returns>False if nobody reads any more.</returns>
    /// <exception cref="OperationCanceledException">The answer was to end, and the reader had not kept up.</exception>
    public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (output.UnflushedBytes + bytes.Length > Piece)
        {
            return WriteLongAsync(bytes);
        }

        output.Write(bytes.Span);
        return new(true);
    }

    /// <summary>Sends what was written.</summary>
    /// <returns>False if nobody reads any more.</returns>
    /// <exception cref="OperationCanceledException">As for <see cref="WriteAsync"/>.</exception>
    public async ValueTask<bool> FlushAsync()
    {
        var flush = output.FlushAsync(CancellationToken.None);
        return flush.IsCompleted ? !(await flush).IsCompleted : await WaitAsync(flush.AsTask());
    }

    private async ValueTask<bool> WriteLongAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (output.UnflushedBytes >= Piece && !await FlushAsync())
            {
                return false;
            }

            var length = (int)Math.Min(bytes.Length, Piece - output.UnflushedBytes);
            output.Write(bytes.Span[..length]);
            bytes = bytes[length..];
        }

        return true;
    }

    private async ValueTask<bool> WaitAsync(Task<FlushResult> flush)
    {
        try
        {
            return !(await flush.WaitAsync(Patience, time, stop)).IsCompleted;
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            cutOff();
            output.CancelPendingFlush();
            // What was to be sent must not be in use any more when the answer is over.
            await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            return false;
        }
    }
}
