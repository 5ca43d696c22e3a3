using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The game line by line.</summary>
public sealed class PlayPlainTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_game_is_played_by_lines_without_control_codes()
    {
        var run = await PlayAsync("map\nyard\nlook\n6\nlog\nfly\n99\nquit\n", "--pilot", "Eve", "--seed", "5");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldNotContain('\u001b');
        run.Out.ShouldContain(
            "Wreck of the Belune, derelict in Ancient Sectors 105. Turn 0 of 50, 500 of 2,000 credits.");
        run.Out.ShouldContain("Hull 80 of 80, fuel 100 of 100, health 100 of 100, food 50, cargo 0 of 50.");
        run.Out.ShouldContain("Cassea Anomaly: anomaly, danger 80 %, 4 fuel");
        run.Out.ShouldContain("1. Escape pod (500 credits, saves you when the ship is lost)");
        run.Out.ShouldContain("6. Not now: Scan (You have scanned here. Fly, mine or salvage first.)");
        run.Out.ShouldContain("- Eve sets out from Wreck of the Belune.");
        run.Out.ShouldContain("'fly' is nothing to do.");
        run.Out.ShouldContain("There is no number 99 here.");
        run.Out.ShouldContain("Come back: sojourn play eve");
    }

    [Fact]
    public async Task The_end_of_the_input_leaves_and_a_question_is_answered_in_words()
    {
        var run = await PlayAsync("1\nnew\nno\nnew\nyes\n", "twice", "--seed", "5");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldContain("at turn 1, is gone then. Type yes or no.");
        run.Out.ShouldContain("- Not done.");
        run.Out.ShouldContain("- A new game.");
        run.Out.ShouldContain("The game stays as it is, at turn 0.");
    }

    [Fact]
    public async Task A_pipe_without_an_end_is_read_no_faster_than_it_is_played()
    {
        using var stop = new CancellationTokenSource();
        using var endless = new Endless("look\n");
        using var shown = new CountedText("Look around", 40, stop.Cancel);
        var around = new CliSurroundings
        {
            Server = _serve.Url,
            Environment = [],
            InputStream = endless,
            Out = shown,
            Stop = stop.Token,
        };

        var run = await CliRun.OfAsync(around, "play", "endless", "--plain", "--seed", "5", "--data", Data);

        run.ExitCode.ShouldBe(ExitCodes.Detached, run.Error);
        // What was shown, and what a reader takes at a time.
        (endless.Lines - shown.Count).ShouldBeLessThan(2 * 1024);
    }

    private Task<CliRun> PlayAsync(string lines, params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Server = _serve.Url, Environment = [], InputText = lines },
        ["play", "--plain", .. words, "--data", Data]);

    /// <summary>Counts a text as it is written, and does something once it has come so often.</summary>
    private sealed class CountedText(string text, int most, Action act) : StringWriter
    {
        public int Count { get; private set; }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true && ++Count == most)
                act();
        }
    }

    /// <summary>The same line again and again, as of `yes`.</summary>
    private sealed class Endless(string line) : Stream
    {
        private readonly byte[] _line = System.Text.Encoding.UTF8.GetBytes(line);
        private long _position;

        public long Lines => Interlocked.Read(ref _position) / _line.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
                buffer[offset + i] = _line[(_position + i) % _line.Length];
            Interlocked.Add(ref _position, count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
