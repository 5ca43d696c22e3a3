using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>How terminals look, whether their programs live or not.</summary>
internal sealed class AgentScreens(SojournEngine engine, AgentHost host)
{
    private static readonly StreamLimits Portion = new(256, 1 << 20);

    /// <summary>The screen of a session that has a terminal.</summary>
    /// <exception cref="SojournException">The store cannot be read, or the session is gone.</exception>
    public async Task<ScreenPicture> PictureAsync(SessionView<Agent> view, CancellationToken giveUp) =>
        host.Live.Find(view.Key)?.Terminal is { } living
            ? await living.PictureAsync(giveUp) : await StoredAsync(view, giveUp);

    /// <summary>Drawn again from the last picture that was kept.</summary>
    private async Task<ScreenPicture> StoredAsync(SessionView<Agent> view, CancellationToken giveUp)
    {
        var agent = view.State;
        var (screen, after) = (new Screen(agent.Screen?.Size ?? agent.Size, host.Options.Scrollback), 0L);
        var ignored = new ScreenOutput();
        if (agent.Screen is { } kept
            && await engine.ReadEntryAsync(view.Key, AgentKind.ScreenStream, kept.Entry, giveUp) is { } picture)
        {
            screen.Write(picture.Span, ignored);
            after = kept.Output;
        }

        while (after < agent.OutputEntries)
        {
            var page = (await engine.ReadStreamAsync(view.Key, AgentKind.OutputStream, after, Portion, giveUp)).Reply;
            // What is kept no longer cannot be drawn.
            after = Math.Max(after, page.First - 1);
            foreach (var item in page.Items.Where(item => item.Number <= agent.OutputEntries))
            {
                ignored.Clear();
                screen.Write(item.Bytes.Span, ignored);
                after = item.Number;
            }

            if (page.Items.Count == 0 && after >= page.Last)
                break;
        }

        screen.Resize(agent.Size);
        return new ScreenPicture(after, agent.Size, screen.Snapshot(), screen.Text());
    }
}
