using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Sojourn.Server.Json;

namespace Sojourn.Server.Events;

/// <summary>Writes news as server-sent events. Nothing leaves before a flush, which waits for slow readers.</summary>
internal sealed class EventStreamWriter(PipeWriter output, KindDescription kind)
{
    private const int MostUnflushedBytes = 64 << 10;

    /// <summary>True if so much is unflushed that more must wait.</summary>
    public bool IsFull => output.UnflushedBytes >= MostUnflushedBytes;

    /// <returns>False if this was the last there is to tell.</returns>
    public bool Write(SessionNews news)
    {
        switch (news)
        {
            case SessionEvent happened:
                Write(happened);
                return true;
            case SessionSnapshot snapshot:
                Write(snapshot.View);
                return true;
            case SessionRemoved { Reason: RemovalReason.Expired }:
                output.Write("event: session-removed\ndata: {\"reason\":\"expired\"}\n\n"u8);
                return false;
            default:
                output.Write("event: session-removed\ndata: {\"reason\":\"removed\"}\n\n"u8);
                return false;
        }
    }

    /// <summary>A line that readers skip.</summary>
    public void WriteHeartbeat() => output.Write(":\n\n"u8);

    /// <returns>False if the reader is gone.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken stop) => !(await output.FlushAsync(stop)).IsCompleted;

    private void Write(SessionEvent happened)
    {
        WriteId(happened.Number);
        output.Write("event: "u8);
        output.Write(TypeOf(happened.Json.Span));
        output.Write("\ndata: "u8);
        // Stored without line breaks, just as it is to be sent.
        output.Write(happened.Json.Span);
        output.Write("\n\n"u8);
    }

    private void Write(SessionView view)
    {
        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, view, kind);
        WriteId(view.LastEvent);
        output.Write("event: session-snapshot\ndata: "u8);
        output.Write(buffer.ToArray());
        output.Write("\n\n"u8);
    }

    private void WriteId(long number)
    {
        Span<byte> line = stackalloc byte[4 + EventOffset.Digits + 1];
        "id: "u8.CopyTo(line);
        EventOffset.Format(number, line[4..^1]);
        line[^1] = (byte)'\n';
        output.Write(line);
    }

    /// <summary>The event's type out of its envelope, where it stands before the data.</summary>
    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                return reader.ValueSpan;
            }

            reader.Skip();
        }

        return "message"u8;
    }
}
