using System.Runtime.CompilerServices;
using System.Text;

namespace Sojourn.Cli.Demo;

using Sojourn.Client;

/// <summary>Something that was made, or was there already.</summary>
/// <param name="Name">As the verbs take it.</param>
/// <param name="What">What there is to see.</param>
internal sealed record DemoPiece(string Name, string What);

/// <summary>
/// One of everything to look at. All of it can be made again without a second effect, and be removed.
/// </summary>
internal sealed class Demonstration(SojournClient client)
{
    /// <summary>The label of the sessions.</summary>
    public const string Label = "demo", Value = "yes";

    private const string Kind = "generation", Json = "application/json", Text = "text/plain; charset=utf-8";
    private const string ToBeCancelled = "demo-cancelled";
    private const int MostScenes = 20, CancelAttempts = 5;

    // Streams have no labels: a name that nobody has chosen for anything else.
    private const string Chat = "sojourn-demo/chat", Log = "sojourn-demo/log", Finished = "sojourn-demo/finished";

    private static readonly SessionFilter Ours = new() { Labels = Labels() };

    /// <summary>Makes what is not there yet, and tells of each piece.</summary>
    public async IAsyncEnumerable<DemoPiece> FillAsync([EnumeratorCancellation] CancellationToken stop)
    {
        yield return await StartAsync("demo-ferry", "a storyboard", DemoStories.Ferry, 4, ("team", "blue"), stop);
        yield return await StartAsync(
            "demo-hostile", "a story that would be markup, and is only text", DemoStories.Hostile, 3,
            ("note", "<b>\"bold\"</b> & 'quoted'"), stop);
        yield return await StartAsync(
            "demo-long", $"{MostScenes} scenes, at work if the server takes its time", DemoStories.Long, MostScenes,
            ("team", "red"), stop);
        yield return await CancelAsync(stop);
        yield return await AppendAsync(Chat, "JSON messages", Json, DemoStories.Chat, isClosed: false, stop);
        yield return await AppendAsync(Log, "lines of text", Text, DemoStories.Log, isClosed: false, stop);
        yield return await AppendAsync(
            Finished, "a stream that is closed", Json, DemoStories.Chat, isClosed: true, stop);
    }

    /// <summary>Removes all sessions with the label, and the streams.</summary>
    public async Task<(int Sessions, int Streams)> RemoveAsync(CancellationToken stop)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var session in client.ListAsync(Ours, giveUp: stop))
            kinds.Add(session.Kind);

        var sessions = 0;
        foreach (var kind in kinds)
        {
            await foreach (var result in client.RemoveManyAsync(kind, Selection.Where(Ours), stop))
                sessions += result.Ok ? 1 : 0;
        }

        var streams = 0;
        foreach (var name in (string[])[Chat, Log, Finished])
            streams += await DeleteAsync(name, stop) ? 1 : 0;
        return (sessions, streams);
    }

    private async Task<DemoPiece> StartAsync(
        string id, string what, string story, int scenes, (string Name, string Value) label, CancellationToken stop)
    {
        await client.GetOrCreateAsync(Kind, id, Request(story, scenes), Labels(label), stop);
        return new DemoPiece($"{Kind}/{id}", what);
    }

    /// <summary>A generation that is cancelled before it is done, which takes being quick.</summary>
    private async Task<DemoPiece> CancelAsync(CancellationToken stop)
    {
        var request = Request(DemoStories.Long, MostScenes);
        var labels = Labels(("team", "red"));
        var session = await client.GetOrCreateAsync(Kind, ToBeCancelled, request, labels, stop);
        // What is somebody's own is neither cancelled nor begun anew.
        var isOurs = session.Labels.GetValueOrDefault(Label) == Value;
        for (var attempt = 1; isOurs && session.Status != "cancelled" && attempt <= CancelAttempts; attempt++)
        {
            if (session.Final)
                session = await client.BeginAnewAsync(Kind, ToBeCancelled, request, labels, giveUp: stop);
            session = await TryCancelAsync(stop);
        }

        return new DemoPiece($"{Kind}/{ToBeCancelled}", $"a generation that is {session.Status}");
    }

    private async Task<Session> TryCancelAsync(CancellationToken stop)
    {
        try
        {
            await client.SendAsync(Kind, ToBeCancelled, "cancel", giveUp: stop);
        }
        catch (SojournProblemException late) when (late.Problem.Name == "refused")
        {
            // It was done before this came; the caller sees so, and begins it anew.
        }

        return await client.GetAsync(Kind, ToBeCancelled, stop);
    }

    private async Task<DemoPiece> AppendAsync(
        string name, string what, string type, string text, bool isClosed, CancellationToken stop)
    {
        var stream = client.Stream(name);
        var standing = await FindAsync(stream, stop) ?? await stream.CreateAsync(type, giveUp: stop);
        if (!standing.IsClosed)
        {
            await AppendOnceAsync(stream, type, text, stop);
            if (isClosed)
                await stream.CloseAsync(stop);
        }

        return new DemoPiece($"streams/{name}", what);
    }

    // All at once, and under the same name each time: it is kept whole or not at all, and never twice.
    private static async Task AppendOnceAsync(StreamClient stream, string type, string text, CancellationToken stop)
    {
        try
        {
            await stream.Producer("sojourn-demo", epoch: 1).AppendAsync(Encoding.UTF8.GetBytes(text), type, stop);
        }
        catch (SojournProblemException there) when (there.Problem.Code == "epoch-used")
        {
            // It was appended before.
        }
    }

    private static async Task<StreamStanding?> FindAsync(StreamClient stream, CancellationToken stop)
    {
        try
        {
            return await stream.DescribeAsync(stop);
        }
        catch (SojournProblemException none) when (none.Problem.Status == 404)
        {
            return null;
        }
    }

    private async Task<bool> DeleteAsync(string name, CancellationToken stop)
    {
        if (await FindAsync(client.Stream(name), stop) is null)
            return false;
        await client.Stream(name).DeleteAsync(stop);
        return true;
    }

    private static object Request(string storyText, int numScenes) => new { storyText, numScenes };

    private static Dictionary<string, string> Labels(params (string Name, string Value)[] more) =>
        new([new(Label, Value), .. more.Select(label => KeyValuePair.Create(label.Name, label.Value))]);
}
