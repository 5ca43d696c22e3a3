using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Bench;

/// <summary>
/// What a game pays for its session: how long its thread is held by a call, how long until the answer survives a power
/// cut, and the same in memory, beside one small write that is flushed.
/// </summary>
internal static class PlaySessions
{
    private const int ContentBytes = 10_000;

    private static readonly Dictionary<string, object?> Progress = new() { ["progress"] = 75, ["mission"] = "Lucifer" };

    public static async Task RunAsync(double seconds)
    {
        Console.WriteLine("A game's session, milliseconds: median, 99th of a hundred, and the aim for the median");
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
        try
        {
            await TellFlushAsync(directory.FullName, seconds);
            await TellGameAsync(directory.FullName, seconds);
            await TellInMemoryAsync(seconds);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task TellFlushAsync(string directory, double seconds)
    {
        await using var file = new FileStream(
            Path.Combine(directory, "plain"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var bytes = new byte[512];
        await TellAsync("limit: 512 bytes written and flushed", seconds, async () =>
        {
            await file.WriteAsync(bytes);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        });
    }

    private static async Task TellGameAsync(string directory, double seconds)
    {
        await using var folder = await GameFolder.OpenAsync(
            Path.Combine(directory, "game"), new GameOptions { EndsWithProcess = false });
        GameSession playing = null!;
        async Task StartAsync() => playing = (await folder.StartAsync(new StartPlay("Maverick"))).Session!;
        Task EndAsync() => playing.EndAsync();
        await TellAsync("start, flushed", seconds, StartAsync, 1, afterwardsAsync: EndAsync);
        await StartAsync();
        await TellAsync("end, flushed", seconds, EndAsync, 1, afterwardsAsync: StartAsync);
        await EndAsync();
        playing = (await folder.StartAsync(new StartPlay("Maverick"))).Session!;
        await TellAsync("update, flushed", seconds, () => playing.UpdateAsync(Progress), aim: 0.5);
        await TellAsync(
            "update, what the game's thread spends", seconds, () => playing.UpdateAsync(Progress), 0.5, isHeld: true);
        await TellAsync("checkpoint of the session, flushed", seconds, async () =>
            await folder.Engine.SendAsync(playing.Key.Id, new Checkpoint()), aim: 5);
        var content = SaveContent.Of("game", new byte[ContentBytes]);
        await TellAsync($"checkpoint with {ContentBytes:N0} bytes of game, in files", seconds, () =>
            playing.SaveAsync(SlotName.Quick, new GameCapture(content)), aim: 5);
        await TellAsync(
            "that checkpoint, what the game's thread spends", seconds,
            () => playing.SaveAsync(SlotName.Quick, new GameCapture(content)), 5, isHeld: true);
        await TellAsync(
            "validation of that backup", seconds, () => folder.Saves.ValidateAsync(SlotName.Quick), aim: 10);
    }

    private static async Task TellInMemoryAsync(double seconds)
    {
        var services = new ServiceCollection();
        services.AddSojourn().AddPlay();
        await using var provider = services.BuildServiceProvider();
        var (engine, starts) = (
            provider.GetRequiredService<SojournEngine>(), provider.GetRequiredService<PlayStarts>());
        await engine.StartAsync();
        SessionId playing = default;
        async Task StartAsync() => playing = (await starts.StartAsync(new StartPlay("Maverick"))).Session!.Key.Id;
        async Task EndAsync() => await engine.SendAsync(playing, new End());
        await TellAsync("start, in memory", seconds, StartAsync, 1, afterwardsAsync: EndAsync);
        await StartAsync();
        await TellAsync("end, in memory", seconds, EndAsync, 1, afterwardsAsync: StartAsync);
        var update = new Update(System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
            Progress.Select(each => KeyValuePair.Create(
                each.Key, System.Text.Json.JsonSerializer.SerializeToElement(each.Value)))));
        await TellAsync("update, in memory", seconds, async () => await engine.SendAsync(playing, update), 0.5);
        await TellAsync("checkpoint, in memory", seconds, async () =>
            await engine.SendAsync(playing, new Checkpoint()), aim: 5);
    }

    /// <param name="name">What is measured.</param>
    /// <param name="seconds">For how long, at most.</param>
    /// <param name="actAsync">What is done.</param>
    /// <param name="aim">What the median is to be below; null for what is only compared with.</param>
    /// <param name="afterwardsAsync">What is done after each, and not measured.</param>
    /// <param name="isHeld">True for the time until the call returns; false for the time until it is done.</param>
    private static async Task TellAsync(
        string name, double seconds, Func<Task> actAsync, double? aim = null, Func<Task>? afterwardsAsync = null,
        bool isHeld = false)
    {
        var times = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            await actAsync();
            await (afterwardsAsync?.Invoke() ?? Task.CompletedTask);
        }

        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (times.Count < 100 || Stopwatch.GetTimestamp() < until)
        {
            var began = Stopwatch.GetTimestamp();
            var acting = actAsync();
            var held = Stopwatch.GetElapsedTime(began);
            await acting;
            times.Add((isHeld ? held : Stopwatch.GetElapsedTime(began)).TotalMilliseconds);
            await (afterwardsAsync?.Invoke() ?? Task.CompletedTask);
        }

        times.Sort();
        var median = times[times.Count / 2];
        var verdict = aim is null ? "" : $"  below {aim}: {(median < aim ? "met" : "MISSED")}";
        Console.WriteLine($"  {name,-55} {median,9:0.000} {times[times.Count * 99 / 100],9:0.000}{verdict}");
    }
}
