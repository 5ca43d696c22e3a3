using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sojourn.Cli.Agents;

using Sojourn.Client;
using Sojourn.Client.Agents;

/// <summary>A terminal of the server's, here.</summary>
internal sealed class TerminalAttach(Call call, string id, string name)
{
    // The other screen, modes of mouse, keys and pasting, colours: back to what a shell expects.
    private const string AsItWas = "\u001b[?1049l\u001b[!p\u001b[?9l\u001b[?1000l\u001b[?1002l\u001b[?1003l"
        + "\u001b[?1004l\u001b[?1006l\u001b[?2004l\u001b[?2026l\u001b[?1l\u001b>\u001b[?7h\u001b[?25h\u001b[0m";

    private const string Empty = "\u001b[0m\u001b[H\u001b[2J";

    private readonly AgentAttachment _attachment = call.Client.AttachAgent(id, name);
    private readonly Stream _screen = call.Terminal.OpenOutput();

    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var typing = TypeAsync(left);
        using var resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(
            PosixSignal.SIGWINCH, signal => { _ = ResizeAsync(takeOver: false, left.Token); });
        string end;
        try
        {
            end = await FollowAsync(left.Token);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            end = $"Left; it goes on. Come back: {call.Hint($"attach {id}")}";
        }
        finally
        {
            await left.CancelAsync();
            await WriteAsync(Encoding.ASCII.GetBytes(AsItWas + "\r\n"));
        }

        // Reading the keyboard cannot be broken off; the process ends soon.
        _ = typing.ContinueWith(_ => { }, TaskScheduler.Default);
        await WriteAsync(Encoding.UTF8.GetBytes(PlainText.Line(end) + "\r\n"));
        return ExitCodes.Done;
    }

    /// <returns>What to say in the end.</returns>
    private async Task<string> FollowAsync(CancellationToken left)
    {
        var (isFirst, exited) = (true, "");
        await foreach (var news in _attachment.FollowAsync(left))
        {
            switch (news)
            {
                case AttachScreen(_, _, var bytes):
                    await WriteAsync(Encoding.ASCII.GetBytes(AsItWas + Empty));
                    await WriteAsync(bytes);
                    break;
                case AttachOutput(var bytes):
                    await WriteAsync(bytes);
                    break;
                case AttachNotTyped:
                    await TitleAsync($"{id}: not typed, its program does not run or does not read");
                    break;
                case AttachLost { Attempt: 1 } lost:
                    await TitleAsync($"{id}: {lost.Reason}; trying again");
                    break;
                case AttachWelcome { Session: { Final: true } over }:
                    return $"It has {over.Status}. Take it up again: {call.Hint($"send agent/{id} resume")}";
                case AttachWelcome welcome:
                    // Attached, one may decide the size; after a break nobody's is taken away.
                    await ResizeAsync(isFirst, left);
                    isFirst = false;
                    if (welcome.Session.State is { } state && state.TryGetProperty("waitsFor", out var awaited))
                        await SayAsync($"It waits for a place: {awaited.GetString()}");
                    break;
                case AttachEvent { Event: { Type: "place-awaited", Data: { } place } }:
                    await SayAsync($"It waits for a place: {place.GetProperty("reason").GetString()}");
                    break;
                case AttachEvent { Event: { Type: "process-exited", Data: { } exit } }:
                    exited = ExitOf(exit);
                    break;
                case AttachEvent { Event: { Type: "status-changed", Data: { } data } } when EndOf(data) is { } end:
                    return end + exited;
                case AttachGone:
                    return "The session was removed.";
                default:
                    // All else is for those who show a chat.
                    break;
            }
        }

        return "";
    }

    private string? EndOf(JsonElement change) => change.GetProperty("to").GetString() switch
    {
        "ended" => "It has ended.",
        "failed" => $"It has failed: {call.Hint($"get agent/{id}")} says why.",
        "interrupted" => $"It was interrupted. Take it up again: {call.Hint($"send agent/{id} resume")}",
        _ => null,
    };

    private static string ExitOf(JsonElement exit) =>
        exit.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number
            ? $" Its exit code was {code.GetInt32()}."
        : exit.TryGetProperty("signal", out var signal) && signal.ValueKind == JsonValueKind.Number
            ? $" Signal {signal.GetInt32()} ended it." : "";

    private async Task TypeAsync(CancellationTokenSource left)
    {
        var keys = new DetachKeys();
        var typed = new byte[4096];
        List<byte> passed = [];
        await using var keyboard = RawTerminal.OpenKeyboard();
        while (await keyboard.ReadAsync(typed, left.Token) is > 0 and var count)
        {
            passed.Clear();
            var leaves = keys.Take(typed.AsSpan(0, count), passed);
            if (passed.Count > 0)
                await _attachment.TypeAsync(passed.ToArray(), left.Token);
            if (leaves)
                break;
        }

        await left.CancelAsync();
    }

    private async Task ResizeAsync(bool takeOver, CancellationToken left)
    {
        var (width, height) = call.Terminal.Size();
        try
        {
            await call.Client.SendAsync(AgentNames.Kind, id, "resize", new
            {
                columns = Math.Clamp(width, 1, 500),
                rows = Math.Clamp(height, 1, 500),
                by = name,
                takeOver,
            }, giveUp: left);
        }
        catch (SojournProblemException no) when (no.Problem.Code == "size-owned")
        {
            await TitleAsync($"{id}: {no.Problem.Detail}");
        }
        catch (Exception no) when (no is SojournClientException or OperationCanceledException)
        {
            // The server is away, or one has left: the size is told again at the next welcome.
        }
    }

    private Task SayAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes($"\r\n{PlainText.Line(text)}\r\n"));

    private Task TitleAsync(string title) => WriteAsync(
        Encoding.UTF8.GetBytes($"\u001b]0;{PlainText.Line(title, 100)}\u0007"));

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _screen.WriteAsync(bytes);
        await _screen.FlushAsync();
    }
}
