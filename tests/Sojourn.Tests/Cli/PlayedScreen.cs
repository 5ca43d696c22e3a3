using System.Text.RegularExpressions;
using System.Threading.Channels;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Cli;

/// <summary>A screen that keeps each picture drawn on it, and a keyboard before it.</summary>
internal sealed partial class PlayedScreen : StringWriter
{
    private readonly Channel<string> _pictures = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<Action<ConsoleKeyInfo>> _keyboard =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last picture that was waited for.</summary>
    public string Picture { get; private set; } = "";

    public void Connect(Action<ConsoleKeyInfo> press) => _keyboard.TrySetResult(press);

    public override void Write(string? value)
    {
        base.Write(value);
        if (value?.StartsWith("\u001b[H", StringComparison.Ordinal) == true)
            _pictures.Writer.TryWrite(Codes().Replace(value, "").ReplaceLineEndings("\n"));
    }

    /// <summary>Nothing more will be drawn.</summary>
    public void End(string why) => _pictures.Writer.TryComplete(new InvalidOperationException(why));

    public async Task PressAsync(string keys)
    {
        var press = await _keyboard.Task.WaitAsync(SojournProcess.Patience);
        foreach (var key in keys)
            press(new ConsoleKeyInfo(key, key == '\r' ? ConsoleKey.Enter : default, false, false, false));
    }

    public async Task PressAsync(ConsoleKey key)
    {
        var press = await _keyboard.Task.WaitAsync(SojournProcess.Patience);
        press(new ConsoleKeyInfo('\0', key, false, false, false));
    }

    /// <summary>Completes with the next picture that has this in it.</summary>
    public async Task<string> WaitForAsync(string part)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        try
        {
            while (true)
            {
                Picture = await _pictures.Reader.ReadAsync(patience.Token);
                if (Picture.Contains(part, StringComparison.Ordinal))
                    return Picture;
            }
        }
        catch (Exception never) when (never is OperationCanceledException or ChannelClosedException)
        {
            var why = never.InnerException?.Message ?? "and it plays on";
            throw new TimeoutException($"'{part}' did not appear, {why}; the screen shows:\n{Picture}", never);
        }
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Codes();
}
