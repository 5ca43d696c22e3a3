using System.Runtime.InteropServices;
using System.Text;
using Sojourn.Server.Streams;

namespace Sojourn.Tests.Streams;

/// <summary>Bodies in JSON mode, taken apart.</summary>
public sealed class JsonMessagesTests
{
    [Theory]
    [InlineData("[1, {\"a\": [2]} ,\"x\"]", new[] { "1", "{\"a\": [2]}", "\"x\"" })]
    [InlineData(" {\"a\":1} ", new[] { "{\"a\":1}" })]
    [InlineData("[]", new string[0])]
    [InlineData("[[1],[]]", new[] { "[1]", "[]" })]
    public void A_message_is_what_was_written(string body, string[] messages) => Split(body).ShouldBe(messages);

    [Fact]
    public void A_message_does_not_keep_a_long_body_in_memory()
    {
        JsonMessages.TrySplit(Bytes($"[1,{new string(' ', 1 << 20)}\"two\"]"), 10, out var messages).ShouldBeTrue();
        messages.Select(Text).ShouldBe(["1", "\"two\""]);
        foreach (var message in messages)
        {
            MemoryMarshal.TryGetArray(message, out var held).ShouldBeTrue();
            held.Array!.Length.ShouldBe(6);
        }
    }

    [Fact]
    public void A_body_that_is_its_messages_is_not_copied()
    {
        var body = Bytes($"[\"{new string('x', 10_000)}\",\"{new string('y', 10_000)}\"]");
        JsonMessages.TrySplit(body, 10, out var messages).ShouldBeTrue();
        MemoryMarshal.TryGetArray(messages[1], out var held).ShouldBeTrue();
        held.Array.ShouldBeSameAs(body);
    }

    [Fact]
    public void What_follows_one_message_too_many_is_not_looked_at()
    {
        JsonMessages.TrySplit(Bytes("[1,2,3,4,5"), 3, out var messages).ShouldBeTrue();
        messages.Count.ShouldBe(4);
        JsonMessages.TrySplit(Bytes("[1,2,3"), 3, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xff, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xc3, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' })] // Half of a pair.
    public void What_is_not_UTF_8_is_not_JSON(byte[] body) =>
        JsonMessages.TrySplit(body, 10, out _).ShouldBeFalse();

    private static IEnumerable<string> Split(string body)
    {
        JsonMessages.TrySplit(Bytes(body), 10, out var messages).ShouldBeTrue();
        return messages.Select(Text);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> message) => Encoding.UTF8.GetString(message.Span);
}
