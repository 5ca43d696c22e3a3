using System.Text;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Tests.Agents.Lines;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\n a \n\r\n", " a ")]
    [InlineData("a\nhalf", "a|half")]
    [InlineData("", "")]
    [InlineData("grün 🦉\nwelt\n", "grün 🦉|welt")]
    public async Task Lines_are_the_same_however_they_come(string text, string lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var step = 1; step <= bytes.Length + 1; step++)
            string.Join('|', await AllAsync(Reading(bytes, step))).ShouldBe(lines, $"in steps of {step}");
    }

    [Fact]
    public async Task A_line_as_long_as_the_longest_is_kept_and_one_byte_more_is_skipped()
    {
        var text = $"{new string('a', 100)}\n{new string('b', 101)}\nafter\n{new string('c', 5000)}";
        foreach (var step in new[] { 1, 7, 100, 101, 102, 6000 })
        {
            (await AllAsync(Reading(Encoding.UTF8.GetBytes(text), step), longest: 100))
                .ShouldBe([new string('a', 100), "(101)", "after", "(5000)"], $"in steps of {step}");
        }
    }

    [Fact]
    public async Task Lines_that_are_there_at_once_come_at_once()
    {
        var reader = new LineReader(Reading("a\nb\nc\nd"u8.ToArray(), 6));
        (await reader.ReadAsync(default))!.Select(Shown).ShouldBe(["a", "b", "c"]);
        (await reader.ReadAsync(default))!.Select(Shown).ShouldBe(["d"]);
        (await reader.ReadAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_of_many_megabytes_between_short_ones_is_whole()
    {
        var text = $"a\n{new string('x', 20_000_000)}\nb\n";
        var lines = await AllAsync(Reading(Encoding.UTF8.GetBytes(text), 65_536));
        lines.Select(line => line.Length).ShouldBe([1, 20_000_000, 1]);
    }

    private static Func<Memory<byte>, CancellationToken, ValueTask<int>> Reading(byte[] all, int step)
    {
        var at = 0;
        return (into, _) =>
        {
            var count = Math.Min(Math.Min(step, into.Length), all.Length - at);
            all.AsMemory(at, count).CopyTo(into);
            at += count;
            return ValueTask.FromResult(count);
        };
    }

    private static async Task<List<string>> AllAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int longest = LineReader.Longest)
    {
        var reader = new LineReader(read, longest);
        List<string> lines = [];
        while (await reader.ReadAsync(default) is { } batch)
            lines.AddRange(batch.Select(Shown));
        return lines;
    }

    private static string Shown(ProgramLine line) =>
        line.Skipped > 0 ? $"({line.Skipped})" : Encoding.UTF8.GetString(line.Bytes.Span);
}
