using System.IO.Pipelines;
using System.Text;
using Sojourn.Server.Streams;
using Sojourn.Testing;

namespace Sojourn.Tests.Streams;

/// <summary>Entries as server-sent events, read as a browser does.</summary>
public sealed class SseFrameTests
{
    [Theory]
    [InlineData("one")]
    [InlineData(" begins with a space")]
    [InlineData("  with two\n  and again\n\n \n")]
    [InlineData("a\r\n\r\nb\rc\n")]
    [InlineData("data: not a field\nevent: nor this")]
    public async Task A_text_is_read_as_it_was_appended(string text)
    {
        var entry = Encoding.UTF8.GetBytes(text);
        var whole = SseFrame.Make(entry, LogForm.Text, "1");
        Read(whole.Bytes.Span).ShouldBe(text.ReplaceLineEndings("\n"));
        (await SentAsync(entry, LogForm.Text)).ShouldBe(whole.Bytes.ToArray());
    }

    [Fact]
    public async Task A_long_entry_goes_out_in_pieces_as_a_short_one_does_whole()
    {
        // Line breaks, spaces and characters lie across all borders of pieces somewhere.
        var random = new Random(1);
        for (var length = 100_000; length < 100_003; length++)
        {
            var text = random.GetItems("\r\n x"u8, length);
            foreach (var form in Enum.GetValues<LogForm>())
            {
                var whole = SseFrame.Make(text, form, "1").Bytes.ToArray();
                (await SentAsync(text, form)).ShouldBe(whole, $"{form}, {length}");
            }
        }
    }

    private static async Task<byte[]> SentAsync(byte[] entry, LogForm form)
    {
        using var sent = new MemoryStream();
        var output = PipeWriter.Create(sent);
        var pieces = new AnswerPieces(output, new ManualClock(), () => { }, CancellationToken.None);
        (await SseFrame.SendAsync(pieces, entry, form, "1")).ShouldBeTrue();
        (await pieces.FlushAsync()).ShouldBeTrue();
        return sent.ToArray();
    }

    private static string Read(ReadOnlySpan<byte> frame)
    {
        var lines = Encoding.UTF8.GetString(frame).Split("\n\n")[0].Split('\n');
        lines[0].ShouldBe("event: data");
        return string.Join('\n', lines[1..].Select(line =>
        {
            line.ShouldStartWith("data:");
            var value = line["data:".Length..];
            return value.StartsWith(' ') ? value[1..] : value;
        }));
    }
}
