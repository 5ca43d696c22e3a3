using System.Globalization;
using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Screens;
using Sojourn.Tests.Streams;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>What our screens show, held cell by cell against xterm.js.</summary>
public sealed class ScreenTests
{
    /// <summary>So many random cases are drawn, from so many seeds; more of them on demand.</summary>
    private static readonly int Seeds = int.TryParse(
        Environment.GetEnvironmentVariable("SOJOURN_SCREEN_SEEDS"), CultureInfo.InvariantCulture, out var seeds)
        ? seeds
        : 300;

    [NodeFact("Xterm")]
    public Task Whatever_a_terminal_can_do_looks_as_in_xterm_and_comes_back_from_a_snapshot() =>
        CompareAsync(ScreenCases.All);

    [NodeFact("Xterm")]
    public Task What_programs_drew_looks_as_in_xterm_and_comes_back_from_a_snapshot() =>
        CompareAsync(Recording.All.SelectMany(recording => recording.Cases()));

    [NodeFact("Xterm")]
    public Task Random_sequences_in_random_pieces_look_as_in_xterm_and_come_back_from_a_snapshot() =>
        CompareAsync(Enumerable.Range(1, Seeds).Select(seed => new RandomOutput(seed).Case()));

    [NodeFact("Xterm")]
    public Task Text_is_laid_out_anew_at_each_size_as_in_xterm() =>
        CompareAsync(Enumerable.Range(1, Seeds).Select(seed => new RandomOutput(seed).CaseWithSizes()));

    [NodeFact("Xterm")]
    public async Task Where_xterm_is_wrong_it_still_is()
    {
        var drawings = await XtermDrawing.DrawAsync(XtermFaults.All.Select(fault => fault.Case));

        drawings.Where(drawing => drawing.Difference() is null).Select(drawing => drawing.Case.Name).ShouldBeEmpty();
    }

    [NodeFact("Xterm")]
    public async Task A_snapshot_of_much_text_is_small()
    {
        var lines = Enumerable.Range(1, 20_000).Select(line => $"line {line} of a text that nobody reads\r\n");
        var given = new XtermCase("much text", new TerminalSize(80, 24), [XtermStep.Of(string.Concat(lines))])
        {
            Scrollback = 1000,
        };

        var drawing = (await XtermDrawing.DrawAsync([given])).Single();

        drawing.Difference().ShouldBeNull();
        drawing.Snapshot.Length.ShouldBeLessThan(100_000);
        drawing.Snapshot.Length.ShouldBeLessThan(drawing.OwnSnapshot + 1000);
    }

    [Fact]
    public void What_is_shown_can_be_read_as_text()
    {
        var screen = new Screen(new TerminalSize(10, 4));
        screen.Write("first\r\nsecond\r\n0123456789wrapped \r\n\r\n\e[31m漢字 x   "u8, new ScreenOutput());

        screen.Text().ShouldBe("0123456789wrapped\n\n漢字 x");
        screen.Text(1).ShouldBe("漢字 x");
        screen.Text(0).ShouldBe("");
        screen.Text(100).ShouldBe("first\nsecond\n0123456789wrapped\n\n漢字 x");
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(80, 0)]
    [InlineData(501, 24)]
    [InlineData(80, 501)]
    public void A_size_that_no_terminal_has_is_refused(int columns, int rows)
    {
        var screen = new Screen(new TerminalSize(500, 500));
        screen.Resize(new TerminalSize(1, 1));

        Should.Throw<ArgumentOutOfRangeException>(() => screen.Resize(new TerminalSize(columns, rows)));
        Should.Throw<ArgumentOutOfRangeException>(() => new Screen(new TerminalSize(columns, rows)));
    }

    private static async Task CompareAsync(IEnumerable<XtermCase> cases)
    {
        var drawings = await XtermDrawing.DrawAsync(cases);

        drawings.Select(drawing => drawing.Difference()).OfType<string>().ShouldBeEmpty();
        drawings.Count(drawing => drawing.IsTorn).ShouldBeLessThan((drawings.Count / 3) + 1);
    }
}
