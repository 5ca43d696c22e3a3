using System.Globalization;
using System.Text.Json;

namespace Sojourn.Tests.EndToEnd;

using Sojourn.Client;

/// <summary>What one watcher sees of a run, through however many deaths of the server.</summary>
internal sealed class WatchedRun(KillableServer server, string id)
{
    private readonly List<SessionEvent> _events = [];
    private readonly Dictionary<int, FinishedScene> _seen = [];

    /// <summary>How often the connection was lost and came back.</summary>
    public int Returns { get; private set; }

    /// <summary>One enumeration, to the end of the run.</summary>
    public async Task FollowAsync(Func<SessionEvent, Task> onEventAsync)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        await foreach (var news in server.Client.WatchAsync("generation", id, stop: patience.Token))
        {
            switch (news)
            {
                case SessionEvent happened:
                    _events.Add(happened);
                    await onEventAsync(happened);
                    break;
                case ConnectionRestored:
                    Returns++;
                    break;
                default:
                    news.ShouldBeOfType<ConnectionLost>();
                    break;
            }

            if (news is SessionEvent { Type: "generation-completed" })
            {
                return;
            }
        }
    }

    /// <summary>Remembers the finished scenes as they stand, to be found the same at the end.</summary>
    public async Task<IReadOnlyList<FinishedScene>> NoteScenesAsync()
    {
        var scenes = await server.ScenesAsync(id);
        foreach (var scene in scenes)
        {
            _seen.TryAdd(scene.Number, scene);
        }

        return scenes;
    }

    /// <summary>Nothing is missing, nothing came twice, and nothing that was finished has changed.</summary>
    public async Task ShouldBeWholeAsync(int scenes)
    {
        _events.Select(happened => long.Parse(happened.Offset.Split('_')[1], CultureInfo.InvariantCulture))
            .ShouldBe(Enumerable.Range(1, _events.Count).Select(number => (long)number));
        _events[^1].Type.ShouldBe("generation-completed");
        var made = _events.Where(happened => happened.Type == "scene-made").ToList();
        made.Select(NumberOf).ShouldBe(Enumerable.Range(1, scenes));

        (await server.Client.GetAsync("generation", id)).Status.ShouldBe("completed");
        var final = await server.ScenesAsync(id);
        final.Select(scene => scene.Number).ShouldBe(Enumerable.Range(1, scenes));
        final.Select(scene => scene.PictureSha256).Distinct().Count().ShouldBe(scenes);
        foreach (var scene in final)
        {
            _seen.GetValueOrDefault(scene.Number, scene).ShouldBe(scene);
            ShouldTellTheSame(made[scene.Number - 1], scene);
        }

        string.Concat(final.Select(scene => JsonElement.Parse(scene.Json).GetProperty("excerpt").GetString()))
            .ShouldBe(Samples.Lighthouse);
    }

    public static int NumberOf(SessionEvent happened) => happened.Data!.Value.GetProperty("number").GetInt32();

    private static void ShouldTellTheSame(SessionEvent made, FinishedScene scene)
    {
        var state = JsonElement.Parse(scene.Json);
        foreach (var name in (string[])["title", "description", "imagePrompt", "picture", "revision"])
        {
            made.Data!.Value.GetProperty(name).GetRawText().ShouldBe(state.GetProperty(name).GetRawText());
        }
    }
}
