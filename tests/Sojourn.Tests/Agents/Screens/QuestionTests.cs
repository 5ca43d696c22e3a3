using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>Programs ask their terminal; the screen answers once, and nobody who reads the log does it again.</summary>
public sealed class QuestionTests
{
    private readonly Screen _screen = new(new TerminalSize(80, 24));
    private readonly ScreenOutput _output = new();

    [Theory]
    [InlineData("\e[c", "\e[?1;2c")]
    [InlineData("\e[0c", "\e[?1;2c")]
    [InlineData("\eZ", "\e[?1;2c")]
    [InlineData("\e[>c", "\e[>0;276;0c")]
    [InlineData("\e[=c", "\eP!|00000000\e\\")]
    [InlineData("\e[5n", "\e[0n")]
    [InlineData("\e[6n", "\e[2;3R")]
    [InlineData("\e[?6n", "\e[?2;3R")]
    [InlineData("\e[4$p", "\e[4;2$y")]
    [InlineData("\e[?7$p", "\e[?7;1$y")]
    [InlineData("\e[?2026$p", "\e[?2026;2$y")]
    [InlineData("\e[?9999$p", "\e[?9999;0$y")]
    [InlineData("\eP$qm\e\\", "\eP1$r0;1;31m\e\\")]
    [InlineData("\eP$qr\e\\", "\eP1$r1;24r\e\\")]
    [InlineData("\eP$q q\e\\", "\eP1$r2 q\e\\")]
    [InlineData("\eP$q\"q\e\\", "\eP1$r0\"q\e\\")]
    [InlineData("\eP$qz\e\\", "\eP0$r\e\\")]
    [InlineData("\e[>q", "\eP>|xterm.js(6.0.0)\e\\")]
    [InlineData("\e[>0q", "\eP>|xterm.js(6.0.0)\e\\")]
    [InlineData("\eP+q544e;6b31\e\\", "\eP1+r544e=787465726D2D323536636F6C6F72\e\\\eP0+r6b31\e\\")]
    [InlineData("\e]4;1;?\a", "\e]4;1;rgb:cccc/0000/0000\a")]
    [InlineData("\e]4;1;?;255;?\e\\", "\e]4;1;rgb:cccc/0000/0000\e\\\e]4;255;rgb:eeee/eeee/eeee\e\\")]
    [InlineData("\e]10;?\e\\", "\e]10;rgb:ffff/ffff/ffff\e\\")]
    [InlineData("\e]11;?\a", "\e]11;rgb:0000/0000/0000\a")]
    [InlineData("\e]10;?;?\a", "\e]10;rgb:ffff/ffff/ffff\a\e]11;rgb:0000/0000/0000\a")]
    [InlineData("\e]12;?\u009c", "\e]12;rgb:ffff/ffff/ffff\e\\")]
    [InlineData("\e[14t", "\e[4;384;640t")]
    [InlineData("\e[16t", "\e[6;16;8t")]
    [InlineData("\e[18t", "\e[8;24;80t")]
    [InlineData("\e[19t", "\e[9;24;80t")]
    [InlineData("\e[21t", "\e]l\e\\")]
    [InlineData("\e[?u", "")]
    [InlineData("\e[>1u", "")]
    [InlineData("\e[=5;1u\e[<u", "")]
    [InlineData("\x05", "")]
    [InlineData("\e]52;c;?\a", "")]
    [InlineData("\u009b6n", "\e[2;3R")]
    public void What_is_asked_is_answered_and_left_out_of_the_log_wherever_it_is_split(string question, string answer)
    {
        var (before, after) = ("\r\nab\e[1;31m", "größe\e[0m");
        var bytes = Encoding.UTF8.GetBytes(before + question + after);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var screen = new Screen(new TerminalSize(80, 24));
            var output = new ScreenOutput();
            screen.Write(bytes.AsSpan(0, split), output);
            screen.Write(bytes.AsSpan(split), output);

            Text(output.Answers).ShouldBe(answer);
            Text(output.Log).ShouldBe(before + after);
            screen.Held.Length.ShouldBe(0);
        }
    }

    [Fact]
    public void All_else_is_logged_byte_for_byte_also_one_at_a_time()
    {
        var bytes = Recording.All.SelectMany(recording => recording.Bytes)
            .Concat("\e]0;title\a\e_apc\e\\\ePq#0\e\\\e[99z\e]4;1;#ffffff\a\e[38;2;1;2;3m\x18\e[1"u8.ToArray())
            .Concat(new byte[] { 0xff, 0xc3, 0x28, 0xf0, 0x90, 0x80 }).Append((byte)'x')
            .ToArray();
        var whole = Log([bytes]);

        Log(bytes.Select(each => new[] { each })).ShouldBe(whole);
        string[] questions = ["\e[>c", "\e[>q", "\e[6n", "\e]10;?\a", "\e]11;?\a"];
        var expected = questions.Aggregate(
            Encoding.Latin1.GetString(bytes), (text, question) => text.Replace(question, "", StringComparison.Ordinal));
        expected.Length.ShouldBeLessThan(bytes.Length);
        Encoding.Latin1.GetString(whole).ShouldBe(expected);
    }

    [Fact]
    public void Colours_that_are_set_beside_a_question_are_still_set()
    {
        Write("\e]4;1;?;2;#123456\a").ShouldBe("\e]4;1;rgb:cccc/0000/0000\a");
        Text(_output.Log).ShouldBe("\e]4;2;#123456\a");

        Write("\e]4;2;?\a").ShouldBe("\e]4;2;rgb:1212/3434/5656\a");
        Write("\e]11;rgb:f/80/0000\a\e]11;?\a").ShouldBe("\e]11;rgb:0000/0000/0000\a");
        Write("\e]11;#ff8000\e\\\e]11;?\e\\").ShouldBe("\e]11;rgb:ffff/8080/0000\e\\");
        Write("\e]111\a\e]11;?\a").ShouldBe("\e]11;rgb:0000/0000/0000\a");
        Write("\e]104;2\a\e]4;2;?\a").ShouldBe("\e]4;2;rgb:4e4e/9a9a/0606\a");
    }

    [Fact]
    public void A_controls_effect_within_a_question_is_logged()
    {
        Write("a\e[6\nn").ShouldBe("\e[2;2R");
        Text(_output.Log).ShouldBe("a\n");
    }

    [Fact]
    public void The_place_in_a_scroll_region_counts_from_its_top_in_origin_mode()
    {
        Write("\e[3;9r\e[?6h\e[2;2H\e[6n").ShouldBe("\e[2;2R");
        Write($"\e[?6l\e[1;1H{new string('x', 80)}\e[6n").ShouldBe("\e[1;80R");
    }

    [Fact]
    public void What_is_held_when_the_output_ends_is_told_and_does_not_swallow_what_comes_next()
    {
        Write("ab\e[6").ShouldBe("");
        Encoding.UTF8.GetString(_screen.Held).ShouldBe("\e[6");
        Text(_output.Log).ShouldBe("ab");

        _output.Clear();
        _screen.End(_output);
        Text(_output.Log).ShouldBe("\e[6\x18");
        Write("n").ShouldBe("");
        _screen.Text().ShouldBe("abn");
    }

    private string Write(string text)
    {
        _output.Clear();
        _screen.Write(Encoding.UTF8.GetBytes(text), _output);
        return Text(_output.Answers);
    }

    private static byte[] Log(IEnumerable<byte[]> pieces)
    {
        var screen = new Screen(new TerminalSize(80, 24));
        var output = new ScreenOutput();
        foreach (var piece in pieces)
        {
            screen.Write(piece, output);
        }

        screen.End(output);
        return output.Log.ToArray();
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
