using System.Buffers;
using System.IO.Pipelines;
using System.Text;
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
        var head = HeadOf(happened.Json.Span);
        output.Write("id: "u8);
        output.Write(head.Offset);
        output.Write("\nevent: "u8);
        output.Write(head.Type);
        output.Write("\ndata: "u8);
        // Stored without line breaks, just as it is to be sent.
        output.Write(happened.Json.Span);
        output.Write("\n\n"u8);
    }

    private void Write(SessionView view)
    {
        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, view, kind);
        output.Write("id: "u8);
        output.Write(Encoding.ASCII.GetBytes(EventOffset.LastOf(view).ToString()));
        output.Write("\nevent: session-snapshot\ndata: "u8);
        output.Write(buffer.ToArray());
        output.Write("\n\n"u8);
    }

    /// <summary>The event's offset and type out of its envelope, where they stand before the data.</summary>
    private static Head HeadOf(ReadOnlySpan<byte> json)
    {
        var head = new Head([], "message"u8);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isOffset, isType) = (reader.ValueTextEquals("offset"u8), reader.ValueTextEquals("type"u8));
            reader.Read();
            if (isType)
            {
                return new Head(head.Offset, reader.ValueSpan);
            }

            head = isOffset ? new Head(reader.ValueSpan, head.Type) : head;
            reader.Skip();
        }

        return head;
    }

    private readonly ref struct Head(ReadOnlySpan<byte> offset, ReadOnlySpan<byte> type)
    {
        public ReadOnlySpan<byte> Offset { get; } = offset;

        public ReadOnlySpan<byte> Type { get; } = type;
    }
}
