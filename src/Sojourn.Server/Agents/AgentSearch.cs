using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Screens;
using Sojourn.Stores;

namespace Sojourn.Server.Agents;

/// <summary>What was found of a search.</summary>
/// <param name="Hits">Those of the newest session first, and of each its newest first.</param>
/// <param name="Complete">True if the search is at its end; false if <c>next</c> goes on.</param>
internal sealed record AgentHits(IReadOnlyList<AgentHit> Hits, bool Complete)
{
    /// <summary>The <c>cursor</c> that goes on; left out at the end. There may be nothing more.</summary>
    public string? Next { get; init; }
}

/// <summary>One place where the text stands.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Type">The event's type, or <c>screen</c> for what is to be read on a terminal now.</param>
/// <param name="At">When it happened; of a screen when its session last took a step.</param>
/// <param name="Excerpt">About 160 characters around the match, on one line.</param>
/// <param name="MatchAt">Where in the excerpt the match begins, in UTF-16 units.</param>
/// <param name="MatchLength">How long it is.</param>
/// <param name="MoreInSession">
/// True for the last that is shown of a session that was not searched any further; name it as <c>session</c> to find
/// all.
/// </param>
internal sealed record AgentHit(
    string Session, string Profile, string Type, DateTimeOffset At, string Excerpt, int MatchAt, int MatchLength,
    bool MoreInSession)
{
    /// <summary>What the session is called; left out if nobody said.</summary>
    public string? Title { get; init; }

    /// <summary>The event; left out for a screen.</summary>
    public string? Offset { get; init; }
}

/// <summary>
/// Finds words in the logs of agents and on the screens of terminals. There is no index: it reads backwards, a bounded
/// piece for each request, and says where the next one goes on.
/// </summary>
internal sealed class AgentSearch(SojournEngine engine, AgentHost host, AgentScreens screens, TimeProvider time)
{
    /// <summary>The longest text that is searched for.</summary>
    public const int LongestText = 200;

    /// <summary>Hits on a page, if nobody says otherwise, and at most.</summary>
    public const int UsualHits = 20, MostHits = 100;

    /// <summary>Hits of one session, unless it alone is searched.</summary>
    public const int HitsOfSession = 5;

    /// <summary>What one request reads at most, but for the piece with which it gets there.</summary>
    public const int MostBytes = 8 << 20, MostSessions = 2000;

    private const string Log = "events";
    private const int SessionsAtOnce = 100, WidestWindow = 256, WindowBytes = 512 << 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Searches on from a place, until a page is full or enough was read.</summary>
    /// <exception cref="FormatException">The place was not given out by a search.</exception>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public async Task<AgentHits> SearchAsync(
        AgentQuestion asked, SearchPlace? from, int limit, CancellationToken giveUp)
    {
        var run = new Run(asked, limit, time);
        if (asked.Session is { } only)
        {
            await LookAsync(run, null, (await engine.GetAsync<Agent>(only, asked.Owner)).Reply, from, giveUp);
            return run.Answer(isEnd: run.Place!.Before == 0);
        }

        for (string? cursor = from?.List, next = ""; next is not null; cursor = next)
        {
            var page = await engine.ListAsync(new SessionQuery
            {
                Kind = AgentKind.KindName,
                Owner = asked.Owner,
                Limit = SessionsAtOnce,
                Cursor = cursor,
            }, giveUp);
            foreach (var session in page.Sessions.Skip(from?.CountBefore(page.Sessions) ?? 0))
            {
                await LookAsync(run, cursor, session, from, giveUp);
                from = null;
                if (run.IsOver)
                {
                    return run.Answer(isEnd: false);
                }
            }

            next = page.Next;
        }

        return run.Answer(isEnd: true);
    }

    /// <summary>Searches one session, the newest first, as far as the request may.</summary>
    private async ValueTask LookAsync(
        Run run, string? list, SessionView listed, SearchPlace? from, CancellationToken giveUp)
    {
        run.Sessions++;
        run.Place = from?.IsIn(listed) == true ? from : new SearchPlace(
            run.Asked.Name, list, listed.CreatedAt.UtcTicks, listed.Key.Id.ToString(), long.MaxValue, 0);
        var answer = await engine.GetAsync<Agent>(listed.Key.Id, run.Asked.Owner);
        if (!answer.IsAccepted || !run.Place.IsIn(answer.Reply))
        {
            // Gone since it was listed.
            run.Place = run.Place with { Before = 0 };
            return;
        }

        var session = answer.Reply;
        if (run.Place.Before == long.MaxValue)
        {
            await LookAtScreenAsync(run, session, giveUp);
        }

        var start = Math.Min(run.Place.Before, session.LastEvent + 1);
        run.Place = run.Place with { Before = start };
        // However little a request may read, it comes further.
        for (var width = WidestWindow;
            run.Place.Before > 0 && !run.IsFull && (run.Place.Before == start || !run.IsOver);)
        {
            width = await LookBackAsync(run, session, width, giveUp);
        }
    }

    /// <summary>Draws the screen again, to read the lines above it too.</summary>
    private async ValueTask LookAtScreenAsync(Run run, SessionView<Agent> session, CancellationToken giveUp)
    {
        if (session.State.Protocol != AgentProtocol.Terminal)
        {
            return;
        }

        ScreenPicture picture;
        try
        {
            picture = await screens.PictureAsync(session, giveUp);
        }
        catch (SojournException gone) when (gone.Problem?.Type == ProblemTypes.NotFound)
        {
            return;
        }

        var screen = new Screen(picture.Size, host.Options.Scrollback);
        screen.Write(picture.Bytes.Span, new ScreenOutput());
        run.Bytes += picture.Bytes.Length;
        if (Excerpt.Find(screen.Text(int.MaxValue), run.Asked.Text, isLast: true) is { } excerpt)
        {
            run.Add(session, new("screen", "", session.LastActivityAt, excerpt));
        }
    }

    /// <summary>Searches some events before the place, and puts the place before them.</summary>
    /// <returns>How many to search next.</returns>
    private async ValueTask<int> LookBackAsync(
        Run run, SessionView<Agent> session, int width, CancellationToken giveUp)
    {
        var place = run.Place!;
        var after = Math.Max(place.Before - 1 - width, session.FirstEvent - 1);
        var page = await engine.ReadStreamAsync(session.Key, Log, after, new(width, WindowBytes), giveUp);
        if (!page.IsAccepted || page.Reply.Session.CreatedAt != session.CreatedAt || page.Reply.First >= place.Before
            || (page.Reply.Items.Count == 0 && page.Reply.First <= after + 1))
        {
            // There is nothing before it, or it is kept no longer.
            run.Place = place with { Before = 0 };
            return width;
        }

        var items = page.Reply.Items;
        var bytes = items.Sum(item => item.Bytes.Length);
        run.Bytes += bytes;
        if (items is not [.., var last])
        {
            // The oldest were dropped meanwhile.
            return (int)Math.Min(place.Before - page.Reply.First, width);
        }

        if (last.Number < place.Before - 1)
        {
            // Long events: those next to the place did not fit.
            return Math.Clamp(items.Count, 1, Math.Max(1, width / 2));
        }

        foreach (var item in items.Where(item => item.Number < place.Before).Reverse())
        {
            run.Place = run.Place! with { Before = item.Number };
            if (SearchedText.Find(item.Bytes, run.Asked.Text) is { } found)
            {
                run.Add(session, found);
            }

            if (run.IsFull || run.Place.Before == 0)
            {
                return width;
            }
        }

        run.Place = run.Place! with { Before = after < session.FirstEvent ? 0 : after + 1 };
        return (int)Math.Clamp((long)WindowBytes * items.Count / Math.Max(1, bytes), 1, WidestWindow);
    }

    /// <summary>One request: what it found, what it has read, and where it stands.</summary>
    private sealed class Run(AgentQuestion asked, int limit, TimeProvider time)
    {
        private readonly List<AgentHit> _hits = [];
        private readonly long _began = time.GetTimestamp();

        public AgentQuestion Asked => asked;

        public SearchPlace? Place { get; set; }

        public long Bytes { get; set; }

        public int Sessions { get; set; }

        public bool IsFull => _hits.Count >= limit;

        public bool IsOver => IsFull || Bytes >= MostBytes || Sessions >= MostSessions
            || time.GetElapsedTime(_began) >= Longest;

        public void Add(SessionView<Agent> session, SearchedText.Found found)
        {
            var isLast = asked.Session is null && Place!.Hits + 1 >= HitsOfSession;
            Place = Place! with { Hits = Place.Hits + 1, Before = isLast ? 0 : Place.Before };
            _hits.Add(new AgentHit(
                session.Key.Id.ToString(), session.State.Profile, found.Type, found.At, found.Excerpt.Text,
                found.Excerpt.At, found.Excerpt.Length, isLast)
            {
                Title = session.State.Title,
                Offset = found.Offset.Length == 0 ? null : found.Offset,
            });
        }

        public AgentHits Answer(bool isEnd) => new(_hits, isEnd) { Next = isEnd ? null : Place!.ToString() };
    }
}
