namespace Sojourn.Kinds.Agents.Driving;

/// <summary>The way of one run's news into the log, one telling after another.</summary>
internal sealed class RunLog(DrivenSession<Agent> session, int run) : IDisposable
{
    private readonly SemaphoreSlim _telling = new(1);
    private readonly TurnTexts _texts = new();

    /// <summary>The program's conversations: one that it tells of is locked before others hear of it.</summary>
    public HeldConversations? Held { get; set; }

    /// <summary>Tells news; see <see cref="ProgramLink"/>.</summary>
    /// <exception cref="OperationCanceledException">The run is over, or the session is gone.</exception>
    public async Task<Refusal?> TellAsync(IReadOnlyList<AgentNews> news, CancellationToken stop)
    {
        await _telling.WaitAsync(stop);
        try
        {
            var answer = await session.SendAsync(
                new ReportNews(run, [.. news.Select(_texts.Keep), .. Shared(news)]), stop);
            return answer.Problem switch
            {
                null => null,
                { Type: ProblemTypes.LeaseLost or ProblemTypes.NotFound or ProblemTypes.Stopping }
                    or { Code: AgentKind.StaleRun } => throw new OperationCanceledException("The run is over."),
                { Type: ProblemTypes.Refused } no => new Refusal(no.Code ?? "refused", no.Message),
                { } fault => throw new SojournException(fault),
            };
        }
        finally
        {
            _telling.Release();
        }
    }

    public void Dispose() => _telling.Dispose();

    // A new conversation that is another's already: the agent gives names twice. It is not known to do harm yet, and
    // will be refused when it is to be taken up while the other lives.
    private IEnumerable<AgentNews> Shared(IReadOnlyList<AgentNews> news) => news.OfType<AgentNews.Ready>()
        .Where(ready => ready.Conversation is { } named && Held?.TryTake(named) == false)
        .Select(ready => new AgentNews.Noticed(
            NoticeKind.Info, $"Another program has a conversation open that is called {ready.Conversation}, too."));
}

/// <summary>Gives the end of a turn its last text, which may be longer than a state should be.</summary>
/// <remarks>It is kept in this process alone: if that dies, the turn is cut anyway.</remarks>
internal sealed class TurnTexts
{
    private string? _last;

    /// <summary>The news as they are to be told.</summary>
    public AgentNews Keep(AgentNews news)
    {
        if (news is AgentNews.Said { IsThought: false } said)
            _last = said.Text;
        if (news is not AgentNews.TurnEnded ended)
            return news;
        var whole = ended with { LastText = _last };
        _last = null;
        return whole;
    }
}
