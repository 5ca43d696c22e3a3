using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>Nothing that a program writes breaks the screen, or makes it large.</summary>
public sealed class HostileOutputTests
{
    [Fact]
    public void Output_may_end_anywhere()
    {
        foreach (var recording in Recording.All)
        {
            var screen = new Screen(Recording.Size, 50);
            var output = new ScreenOutput();
            for (var at = 0; at < recording.Bytes.Length; at++)
            {
                output.Clear();
                screen.Write(recording.Bytes.AsSpan(at, 1), output);
                screen.Held.Length.ShouldBeLessThan(100);
                if (at % 97 == 0)
                {
                    screen.Snapshot().Length.ShouldBeLessThan(100_000);
                }
            }
        }
    }

    [Fact]
    public void Ten_megabytes_of_chance_do_no_harm()
    {
        var chance = new Random(7);
        var screen = new Screen(new TerminalSize(80, 24), 100);
        var output = new ScreenOutput();
        var bytes = new byte[100_000];
        for (var piece = 0; piece < 100; piece++)
        {
            chance.NextBytes(bytes);
            if (piece % 2 == 0)
            {
                MakeSequences(bytes);
            }

            output.Clear();
            screen.Write(bytes, output);
            screen.Resize(new TerminalSize(chance.Next(1, 200), chance.Next(1, 100)));
            screen.Held.Length.ShouldBeLessThan(70_000);
        }

        screen.Snapshot().Length.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("\e]0;")]
    [InlineData("\e]4;1;?")]
    [InlineData("\e]8;;")]
    [InlineData("\eP$q")]
    [InlineData("\ePq")]
    [InlineData("\e_")]
    [InlineData("\e[")]
    [InlineData("\e]")]
    [InlineData("\e[1;")]
    public void A_sequence_of_five_megabytes_is_read_to_its_end_and_takes_no_memory(string start)
    {
        var screen = new Screen(new TerminalSize(80, 24));
        var output = new ScreenOutput();
        screen.Write(Encoding.UTF8.GetBytes(start), output);
        var piece = Encoding.UTF8.GetBytes(new string('1', 50_000));
        for (var left = 100; left > 0; left--)
        {
            output.Clear();
            screen.Write(piece, output);
            screen.Held.Length.ShouldBeLessThan(200_000);
            screen.Snapshot().Length.ShouldBeLessThan(200_000);
        }

        screen.Write("\e\\\e[mafter"u8, output);

        screen.Text().ShouldBe("after");
        Encoding.UTF8.GetString(output.Answers.Span).ShouldBeEmpty();
    }

    [Fact]
    public void Styles_links_and_marks_without_end_are_forgotten_with_the_cells_that_had_them()
    {
        var screen = new Screen(new TerminalSize(10, 4), 10);
        var output = new ScreenOutput();
        for (var number = 0; number < 100_000; number++)
        {
            output.Clear();
            var colour = $"\e[38;2;{number / 65536};{number / 256 % 256};{number % 256}m";
            var marks = $"{(char)(0x300 + (number % 64))}{(char)(0x300 + (number / 64 % 64))}";
            screen.Write(Encoding.UTF8.GetBytes($"{colour}\e]8;;http://{number}\aa{marks}"), output);
        }

        screen.Display.Tables.Count.ShouldBeLessThan(3000);
        screen.Write(Encoding.UTF8.GetBytes($"\re{new string('\u0301', 100_000)}"), output);
        screen.Snapshot().Length.ShouldBeLessThan(20_000);
    }

    // Chance alone seldom makes a sequence.
    private static void MakeSequences(byte[] bytes)
    {
        for (var at = 0; at + 8 < bytes.Length; at += 8)
        {
            var start = (bytes[at] % 6) switch { 0 => "\e[?", 1 => "\e]", 2 => "\eP", 3 => "\e", _ => "\e[" };
            Encoding.ASCII.GetBytes(start).CopyTo(bytes, at);
            bytes[at + 4] = (byte)('0' + (bytes[at + 4] % 10));
            bytes[at + 5] = (byte)('0' + (bytes[at + 5] % 12));
            bytes[at + 6] = (byte)(0x20 + (bytes[at + 6] % 0x5f));
        }
    }
}
