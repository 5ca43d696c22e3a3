using System.IO.Compression;
using System.Text.Json;

namespace Sojourn.Tests.EndToEnd;

/// <summary>The real program, killed and stopped in the middle of its work, seen by its users.</summary>
[Collection(Lane.FirstProcesses)]
public sealed class KilledServerTests
{
    private const int Scenes = 6;

    private const string SceneDelay = "500ms";

    // So long that there is a middle to strike at, however busy the machine is with other tests.
    private const string LongDelay = "3s";

    // The longest there is: whatever happens meanwhile happens in the middle.
    private const string Longest = "60s";

    [Fact]
    public async Task A_server_killed_in_the_middle_goes_on_where_it_was_and_its_watcher_misses_nothing()
    {
        await using var server = await KillableServer.StartAsync(LongDelay);
        var run = new WatchedRun(server, await server.GenerateAsync(Scenes));

        await run.FollowAsync(async happened =>
        {
            if (happened.Type == "scene-made" && WatchedRun.NumberOf(happened) == 2)
            {
                (await run.NoteScenesAsync()).Select(scene => scene.Number).ShouldBe([1, 2]);
                await server.KillAsync();
                server.Pace(SceneDelay);
                await server.StartAgainAsync();
            }
        });

        run.Returns.ShouldBe(1);
        await run.ShouldBeWholeAsync(Scenes);
    }

    [Fact]
    public async Task Kills_at_any_moment_lose_nothing_and_make_nothing_twice()
    {
        var seed = Environment.TickCount;
        await Should.NotThrowAsync(() => KillAtRandomAsync(new Random(seed)), $"seed {seed}");
    }

    [Fact]
    public async Task A_person_who_generates_is_told_of_a_killed_server_and_gets_the_whole_storyboard()
    {
        await using var server = await KillableServer.StartAsync(LongDelay);
        var file = Path.Combine(Path.GetDirectoryName(server.Data)!, "story.zip");
        await using var generate = Generate(server, "--out", file);

        await generate.WaitForLineAsync("scene 1:");
        await server.KillAsync();
        server.Pace(SceneDelay);
        await server.StartAgainAsync();

        (await generate.ExitAsync()).ShouldBe(0, generate.Error);
        generate.Output.ShouldContain("connection lost");
        generate.Output.ShouldContain("back");
        generate.Output.ShouldContain($"Wrote {file}");
        Enumerable.Range(1, Scenes).ShouldAllBe(number => generate.Output.Split($"scene {number}: ").Length == 2);
        await ShouldBeWholeAsync(file);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_server_at_work_and_says_how_to_come_back()
    {
        await using var server = await KillableServer.StartAsync(Longest);
        await using var generate = Generate(server, "--id", "left-alone", "--out", server.Data + ".zip");

        await generate.WaitForLineAsync(" %  ");
        await generate.SignalAsync("INT");

        (await generate.ExitAsync()).ShouldBe(130, generate.Error);
        generate.Output.ShouldContain("Come back: sojourn watch generation/left-alone");
        File.Exists(server.Data + ".zip").ShouldBeFalse();
        (await server.Client.GetAsync("generation", "left-alone")).Busy.ShouldBeTrue();
        var run = new WatchedRun(server, "left-alone");
        server.Pace("100ms");
        await server.KillAsync();
        await server.StartAgainAsync();
        await run.FollowAsync(_ => Task.CompletedTask);
        await run.ShouldBeWholeAsync(Scenes);
    }

    [Fact]
    public async Task A_server_told_to_stop_in_the_middle_stops_in_good_order_and_goes_on_after_its_next_start()
    {
        await using var server = await KillableServer.StartAsync(LongDelay);
        var run = new WatchedRun(server, await server.GenerateAsync(Scenes));

        await run.FollowAsync(async happened =>
        {
            if (happened.Type == "scene-made" && WatchedRun.NumberOf(happened) == 2)
            {
                await run.NoteScenesAsync();
                (await server.TerminateAsync()).ShouldBe(0, server.Error);
                server.Error.ShouldContain("sojourn: stopped.");
                server.Pace(SceneDelay);
                await server.StartAgainAsync();
            }
        });

        run.Returns.ShouldBe(1);
        await run.ShouldBeWholeAsync(Scenes);
    }

    /// <summary>Sometimes the scenes are read first, sometimes the blow falls at once.</summary>
    private static async Task KillAtRandomAsync(Random chance)
    {
        await using var server = await KillableServer.StartAsync(LongDelay);
        var run = new WatchedRun(server, await server.GenerateAsync(Scenes));
        // 17 events in all: 4 until the plan is there, 2 for each scene, and the end. The first blow falls while there
        // is much to do, so that it surely interrupts; then all goes fast, and blows may meet what is done already.
        var moments = Enumerable.Range(7, 10).ToArray();
        chance.Shuffle(moments);
        var kills = moments.Take(chance.Next(2, 4)).Append(chance.Next(1, 7)).ToHashSet();
        var seen = 0;

        await run.FollowAsync(async _ =>
        {
            if (!kills.Contains(++seen))
            {
                return;
            }

            if (chance.Next(2) == 0)
            {
                await run.NoteScenesAsync();
            }

            await server.KillAsync();
            server.Pace("100ms");
            await server.StartAgainAsync();
        });

        run.Returns.ShouldBeInRange(1, kills.Count);
        await run.ShouldBeWholeAsync(Scenes);
    }

    private static SojournProcess Generate(KillableServer server, params string[] more) => SojournProcess.Start([
        "generate", Samples.LighthouseFile, "--scenes", $"{Scenes}",
        "--url", server.Url.OriginalString, "--data", server.Data, .. more]);

    private static async Task ShouldBeWholeAsync(string file)
    {
        await using var zip = await ZipFile.OpenReadAsync(file);
        var pictures = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries.Where(e => e.FullName.StartsWith("pictures/", StringComparison.Ordinal)))
        {
            pictures.Add(await TextAsync(entry)).ShouldBeTrue($"{entry.FullName} is the picture of another scene");
        }

        pictures.Count.ShouldBe(Scenes);
        var scenes = JsonElement.Parse(await TextAsync(zip.GetEntry("scenes.json")!)).GetProperty("scenes");
        scenes.GetArrayLength().ShouldBe(Scenes);
        string.Concat(scenes.EnumerateArray().Select(scene => scene.GetProperty("excerpt").GetString()))
            .ShouldBe(Samples.Lighthouse);
    }

    private static async Task<string> TextAsync(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(await entry.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
