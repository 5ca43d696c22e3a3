using System.Text.Json;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

/// <summary>Follows one run of a generation to its end, through lost connections and restarts of the server.</summary>
internal sealed class GenerationRun(SojournClient client, SessionAddress address, ProgressView view)
{
    private readonly HashSet<int> _told = [];

    /// <param name="session">As it stood when it was last read; the events after that follow.</param>
    /// <param name="stop">Ends the following; the run goes on.</param>
    public async Task<RunEnd> FollowAsync(Session session, CancellationToken stop)
    {
        Take(session);
        if (RunEnd.Of(session) is { } already)
            return already;

        var catchUp = new CatchUp(client, address, view.Say);
        await foreach (var news in client.WatchAsync(address.Kind, address.Id, session.LastEvent, stop))
        {
            var end = Take(news);
            await catchUp.NoteAsync(news, stop);
            if (end is not null)
                return end;
        }

        // The stream ends by itself only with a removal, which is an end of its own.
        throw new InvalidOperationException("The event stream ended without saying why.");
    }

    private RunEnd? Take(SessionNews news)
    {
        switch (news)
        {
            case SessionEvent e:
                Take(e);
                return RunEnd.Of(e);
            case SessionSnapshot snapshot:
                Take(snapshot.Session);
                return RunEnd.Of(snapshot.Session);
            case SessionRemoved removed:
                return new RunEnd.Removed(removed.Reason);
            default:
                // Notices about the connection are the catch-up's to tell.
                return null;
        }
    }

    private void Take(Session session)
    {
        foreach (var scene in Json.Items(session.State, "scenes").Where(IsMade))
            TellScene(scene);
        TellProgress(session.State);
    }

    private void Take(SessionEvent news)
    {
        if (news.Type is "scene-made")
        {
            // Made again after a command is worth saying again, unlike a scene that was read from a state.
            _told.Remove((int)(Json.Number(news.Data, "number") ?? 0));
            TellScene(news.Data);
        }

        TellProgress(news.Data);
    }

    private void TellProgress(JsonElement? parent)
    {
        if (RunProgress.Read(parent) is { } progress)
            view.Progress(progress);
    }

    private void TellScene(JsonElement? scene)
    {
        var number = (int)(Json.Number(scene, "number") ?? 0);
        if (_told.Add(number))
            view.SceneMade(number, Json.Text(scene, "title") ?? "(untitled)");
    }

    private static bool IsMade(JsonElement scene) => Json.Member(scene, "picture") is not null;
}
