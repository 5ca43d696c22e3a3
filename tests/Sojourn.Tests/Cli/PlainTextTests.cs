using Sojourn.Cli;

namespace Sojourn.Tests.Cli;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("a\u001b[31mb", "a[31mb")]
    [InlineData("a\u009b31mb\u0007\u0000\r", "a31mb")]
    [InlineData("one\ntwo\tthree", "one two three")]
    [InlineData("\u202egnp.exe", "gnp.exe")]
    [InlineData("Grüße, 世界 🚀", "Grüße, 世界 🚀")]
    public void Nothing_that_commands_a_terminal_is_left(string text, string line) =>
        PlainText.Line(text).ShouldBe(line);

    [Fact]
    public void Half_a_character_is_never_left_over()
    {
        PlainText.Line("ab🚀cd", 4).ShouldBe("ab…");
        PlainText.Line("abcd", 4).ShouldBe("abcd");
        PlainText.Line("abcde", 4).ShouldBe("abc…");
    }
}
