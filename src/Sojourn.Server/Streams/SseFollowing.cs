using System.Buffers;
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
internal sealed class SseFollowing(LogReader reader, StreamFollower follower, AnswerPieces output, Func<string> cursor)
{
    /// <summary>Returns at the log's end, or when it is time to come again, or nobody reads any more.</summary>
    /// <param name="slice">What is there.</param>
    /// <param name="address">The log.</param>
    /// <param name="pauses">
    /// When to note that the log is read; and how many such pauses pass before the connection is said to live.
    /// </param>
    /// <param name="stop">Ends it; also when the engine stops.</param>
    public async ValueTask RunAsync(
        LogSlice slice, LogAddress address, (PeriodicTimer Timer, int PerBeat) pauses, CancellationToken stop)
    {
        var pause = pauses.Timer.WaitForNextTickAsync(stop).AsTask();
        var (isFirst, passed) = (true, 0);
        while (await PassOnAsync(slice, isFirst) && !slice.IsEnd)
        {
            isFirst = false;
            while (slice.IsUpToDate && !await ChangesAsync(slice, pause, stop))
            {
                pause = pauses.Timer.WaitForNextTickAsync(stop).AsTask();
                if (++passed % pauses.PerBeat == 0 && !await BeatAsync())
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

    private ValueTask<bool> BeatAsync()
    {
        output.Buffer.Write(":\n\n"u8);
        return output.FlushAsync();
    }

    /// <returns>False if a pause was over first.</returns>
    private async ValueTask<bool> ChangesAsync(LogSlice slice, Task<bool> pause, CancellationToken stop)
    {
        while (!follower.HasChanged(slice.State.Page, out var change))
        {
            // The pause also ends when all is to end, so that nothing has to be made for this wait and cancelled after.
            if (await Task.WhenAny(change, pause) == pause)
            {
                stop.ThrowIfCancellationRequested();
                return false;
            }
        }

        return true;
    }

    /// <returns>False if the reader is gone.</returns>
    private async ValueTask<bool> PassOnAsync(LogSlice slice, bool isFirst)
    {
        if (slice.Items.Count == 0 && (isFirst || slice.IsEnd))
        {
            SseFrame.WriteControl(output.Buffer, slice.State.OffsetOf(slice.Next));
            EndControl(slice, isLast: true);
        }

        for (var i = 0; i < slice.Items.Count; i++)
        {
            var item = slice.Items[i];
            var number = slice.After + i + 1;
            var isRead = item.Bytes.Length > SseFrame.LongestKept
                ? await SseFrame.SendAsync(output, item.Bytes, slice.State.Form, slice.State.OffsetOf(number))
                : await output.WriteAsync(item.As(each =>
                    SseFrame.Make(each.Bytes, slice.State.Form, slice.State.OffsetOf(number))).Bytes);
            if (!isRead)
            {
                return false;
            }

            EndControl(slice, isLast: i == slice.Items.Count - 1);
        }

        return await output.FlushAsync();
    }

    private void EndControl(LogSlice slice, bool isLast)
    {
        if (isLast && slice.IsEnd)
        {
            output.Buffer.Write(",\"streamClosed\":true}\n\n"u8);
            return;
        }

        output.Buffer.Write(",\"streamCursor\":\""u8);
        Encoding.ASCII.GetBytes(cursor(), output.Buffer);
        output.Buffer.Write(isLast && slice.IsUpToDate ? "\",\"upToDate\":true}\n\n"u8 : "\"}\n\n"u8);
    }
}
