using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Generate;

/// <summary>Shows a run's progress: <see cref="Live"/> on a screen, <see cref="Lines"/> elsewhere.</summary>
internal abstract class ProgressView
{
    public abstract void Progress(RunProgress progress);

    public abstract void Say(string text);

    public void SceneMade(int number, string title) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"  scene {number}: {title}"));

    /// <summary>Runs <paramref name="follow"/> with the view that suits where the output goes.</summary>
    public static Task<T> ShowAsync<T>(Call call, Func<ProgressView, Task<T>> follow)
    {
        if (call.Json)
            return follow(new Silent());
        if (!call.Terminal.IsScreen)
            return follow(new Lines(call));

        // All on one line, however narrow the screen: what the fixed columns leave is shared by bar and words.
        const int FixedColumns = 30;
        var room = call.Console.Profile.Width - FixedColumns;
        var bar = Math.Clamp(room / 3, 5, 40);
        var words = Math.Clamp(room - bar, 10, 50);
        return call.Console.Progress()
            .AutoClear(true)
            .Columns(
                new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = bar }, new PercentageColumn(), new ElapsedTimeColumn(),
                new RemainingTimeColumn())
            .StartAsync(drawing => follow(new Live(call, drawing.AddTask("Waiting for the server"), words)));
    }

    /// <summary>A bar at the bottom; what is said scrolls away above it.</summary>
    private sealed class Live(Call call, ProgressTask bar, int words) : ProgressView
    {
        public override void Progress(RunProgress progress)
        {
            bar.Description = Markup.Escape(PlainText.Line(progress.Description, words));
            bar.Value = progress.Percentage;
        }

        public override void Say(string text)
        {
            // Through the console, not the writer: only it knows where the bar stands.
            call.Console.Write(new Text(PlainText.Line(text)));
            call.Console.WriteLine();
        }
    }

    /// <summary>A line for each change.</summary>
    private sealed class Lines(Call call) : ProgressView
    {
        private readonly long _started = call.Terminal.Clock.GetTimestamp();
        private RunProgress? _last;

        public override void Progress(RunProgress progress)
        {
            if (progress == _last)
                return;

            _last = progress;
            var elapsed = call.Terminal.Clock.GetElapsedTime(_started);
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.Percentage,5:0.0} %  {progress.Description} ({elapsed.TotalSeconds:0} s)"));
        }

        public override void Say(string text)
        {
            call.Say(text);
            call.Terminal.Out.Flush();
        }
    }

    /// <summary>Nothing: a program reads the document at the end.</summary>
    private sealed class Silent : ProgressView
    {
        public override void Progress(RunProgress progress)
        {
        }

        public override void Say(string text)
        {
        }
    }
}
