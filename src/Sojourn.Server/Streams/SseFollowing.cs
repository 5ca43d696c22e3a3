using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Sojourn.Server.Streams;

/// <summary>
/// Sends a log as server-sent events: what is there, then what comes. Nothing is read ahead of what the connection
/// takes.
/// </summary>
/// <param name="reader">Reads the log.</param>
/// <param name="follower">Tells when there is more.</param>
/// <param name="output">Where to.</param>
/// <param name="cursor">The cursor for this reader, at any time.</param>
internal sealed class SseFollowing(LogReader reader, StreamFollower follower, PipeWriter output, Func<string> cursor)
{
    private const int MostUnflushedBytes = 64 << 10;

    /// <summary>Returns at the log's end, or when it is time to come again, or nobody reads any more.</summary>
    /// <param name="slice">What is there.</param>
    /// <param name="address">The log.</param>
    /// <param name="beats">When to say that the connection lives.</param>
    /// <param name="stop">Ends it; also when the engine stops.</param>
    public async ValueTask RunAsync(LogSlice slice, LogAddress address, PeriodicTimer beats, CancellationToken stop)
    {
        var beat = beats.WaitForNextTickAsync(stop).AsTask();
        var isFirst = true;
        while (await PassOnAsync(slice, isFirst, stop) && !slice.IsEnd)
        {
            isFirst = false;
            while (slice.IsUpToDate && !await ChangesAsync(slice, beat, stop))
            {
                beat = beats.WaitForNextTickAsync(stop).AsTask();
                output.Write(":\n\n"u8);
                if ((await output.FlushAsync(stop)).IsCompleted)
                {
                    return;
                }

                await reader.RenewAsync(address, slice.State);
            }

            var place = new LogPlace(address, slice.State.Map, slice.Next);
            var (next, _) = await reader.ReadAsync(place, follower, stop);
            if (next is null)
            {
                // Gone: the reader comes again, and is told.
                return;
            }

            slice = next;
            await reader.RenewAsync(address, slice.State);
        }
    }

    /// <returns>False if the time for a beat came first.</returns>
    private async ValueTask<bool> ChangesAsync(LogSlice slice, Task<bool> beat, CancellationToken stop)
    {
        while (!follower.HasChanged(slice.State.Page, out var change))
        {
            // The beat also ends when all is to end, so that nothing has to be made for this wait and cancelled after.
            if (await Task.WhenAny(change, beat) == beat)
            {
                stop.ThrowIfCancellationRequested();
                return false;
            }
        }

        return true;
    }

    /// <returns>False if the reader is gone.</returns>
    private async ValueTask<bool> PassOnAsync(LogSlice slice, bool isFirst, CancellationToken stop)
    {
        if (slice.Items.Count == 0 && (isFirst || slice.IsEnd))
        {
            SseFrame.WriteControl(output, slice.State.OffsetOf(slice.Next));
            EndControl(slice, isLast: true);
        }

        for (var i = 0; i < slice.Items.Count; i++)
        {
            var item = slice.Items[i];
            var number = slice.After + i + 1;
            output.Write(item.As(each =>
                SseFrame.Make(each.Bytes, slice.State.Form, slice.State.OffsetOf(number))).Bytes);
            EndControl(slice, isLast: i == slice.Items.Count - 1);
            if (output.UnflushedBytes >= MostUnflushedBytes && (await output.FlushAsync(stop)).IsCompleted)
            {
                return false;
            }
        }

        return output.UnflushedBytes == 0 || !(await output.FlushAsync(stop)).IsCompleted;
    }

    private void EndControl(LogSlice slice, bool isLast)
    {
        if (isLast && slice.IsEnd)
        {
            output.Write(",\"streamClosed\":true}\n\n"u8);
            return;
        }

        output.Write(",\"streamCursor\":\""u8);
        Encoding.ASCII.GetBytes(cursor(), output);
        output.Write(isLast && slice.IsUpToDate ? "\",\"upToDate\":true}\n\n"u8 : "\"}\n\n"u8);
    }
}
