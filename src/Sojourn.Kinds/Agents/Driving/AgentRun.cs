using System.Text.Json;
using System.Threading.Channels;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>One living program, from its start to its end.</summary>
internal sealed class AgentRun
{
    // What a program wrote last is read after its end; one that left its output open to another is not waited for.
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookForQuietEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan InterruptWithin = TimeSpan.FromSeconds(2);

    private const string SessionGone = "The session is gone.", ServerStopped = "The server was stopped.";

    private readonly AgentHost _host;
    private readonly DrivenSession<Agent> _session;
    private readonly RunLog _log;
    private readonly IAgentProgram _speaker;
    private readonly ChildProcess _child;
    private readonly ProgramLink _link;
    private readonly LiveAgent _live;
    private readonly Offspring _offspring;
    private bool _isInTurn;

    // True while it is told to be quiet, after a look at what it has started.
    private volatile bool _isQuiet;

    public AgentRun(
        AgentHost host, DrivenSession<Agent> session, RunLog log, IAgentProgram speaker, ChildProcess child)
    {
        (_host, _session, _log, _speaker, _child) = (host, session, log, speaker, child);
        _live = new LiveAgent(session.Key);
        _offspring = new Offspring(host, session.Key, child.Pid);
        _link = new ProgramLink(child, log.TellAsync, ReadPromptAsync, host.Time) { Live = _live };
    }

    /// <summary>Completes when the program is gone, what it left is ended, and both are in the log.</summary>
    public async Task LiveAsync(AgentProfile profile, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        _live.CanHibernate = _host.Options.HibernateAfterOf(profile) is not null;
        _host.Live.Add(_live);
        Task speaking = Task.CompletedTask;
        string? error;
        var cause = ExitCause.Program;
        try
        {
            await _log.TellAsync([new AgentNews.Started(_child.Pid, (long)_child.StartTime)], stop);
            speaking = _speaker.SpeakAsync(_link, over.Token);
            error = await UntilItEndsAsync(speaking, ObeyAsync(over.Token), RestAsync(profile, over.Token), stop);
        }
        catch (OperationCanceledException)
        {
            // The session is gone, or somebody else's by now.
            error = SessionGone;
        }
        catch (Exception failure)
        {
            (error, cause) = (
                failure.Message, failure is AgentProgramException ? ExitCause.Fault : ExitCause.Server);
        }
        finally
        {
            _host.Live.Remove(_live);
        }

        cause = error == ServerStopped ? ExitCause.Server : cause;
        await EndAsync(speaking, over, error, cause);
    }

    /// <returns>What went wrong, for people; null if it ends by itself, or is to.</returns>
    private async Task<string?> UntilItEndsAsync(Task speaking, Task obeying, Task resting, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var heard = stop.Register(() => stopped.TrySetResult());
        var first = await Task.WhenAny(speaking, obeying, resting, _child.Exited, stopped.Task);
        if (first == stopped.Task)
            return ServerStopped;
        if (first != _child.Exited)
            await first;
        if (first != speaking || _child.Exited.IsCompleted)
            return null;

        // It says nothing more, and may be about to end.
        await ((Task)_child.Exited).WaitAsync(DrainWithin, _host.Time, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _child.Exited.IsCompleted ? null
            : stop.IsCancellationRequested ? ServerStopped : "Its program closed its output and did not end.";
    }

    private async Task EndAsync(Task speaking, CancellationTokenSource over, string? error, ExitCause cause)
    {
        await InterruptAsync(over.Token);
        var notes = Channel.CreateUnbounded<AgentNews>();
        var reports = await _host.Ladder.StopAllAsync(
            [
                new StopOrder(_child, _child.IsOnTerminal ? StopOrder.OnTerminal : StopOrder.Gently)
                {
                    Tell = note => notes.Writer.TryWrite(new AgentNews.Noticed(NoticeKind.Stop, StopWords.Of(note))),
                },
            ], StopWithin);
        await speaking.WaitAsync(DrainWithin, _host.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        notes.Writer.Complete();
        List<AgentNews> news = [];
        await foreach (var note in notes.Reader.ReadAllAsync())
        {
            if (news.Count < ProgramLink.MostNews - 1)
                news.Add(note);
        }

        var exit = reports[0].Exit;
        news.Add(new AgentNews.Exited(
            exit?.Code, exit?.Signal, exit is null ? "Its program could not be ended." : error, cause));
        using var deadline = new CancellationTokenSource(StopWithin, _host.Time);
        try
        {
            await _log.TellAsync(news, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // The session is gone, or somebody else's by now; the next who drives it finds no program.
        }
    }

    /// <summary>
    /// A turn that is under way is ended by its protocol first, so that the agent's own history is
    /// whole.
    /// </summary>
    private async Task InterruptAsync(CancellationToken over)
    {
        if (_child.Exited.IsCompleted || !_isInTurn)
            return;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(over);
        late.CancelAfter(InterruptWithin);
        try
        {
            await _log.TellAsync([new AgentNews.Noticed(NoticeKind.Stop, "It is asked to end its turn.")], late.Token);
            await _speaker.TryInterruptAsync(_link, late.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SojournException or IOException)
        {
            // The ladder has harder steps.
        }
    }

    /// <summary>Brings the program what users ask, until the session is to be stopped.</summary>
    private async Task ObeyAsync(CancellationToken over)
    {
        while (true)
        {
            var view = await _session.ReadAsync(over);
            if (view.State is { IsLive: false, Status: not AgentStatus.Starting })
            {
                if (await IsOverAsync(view.State, over))
                    return;
                continue;
            }

            _offspring.Note(view.State);
            _isInTurn = view.State.Turn is not null;
            _live.QuietSince = _live.CanHibernate && view.State.Status == AgentStatus.Idle
                ? view.State.QuietSince : null;
            if (_live.QuietSince is not null)
                _host.Places.LookAgain();
            await BringAsync(view.State, view.Version, over);
            await _session.WaitAsync(view.Version, over);
        }
    }

    /// <summary>
    /// Brings the program what is new, until that is done or the session is to be stopped: one that does not read must
    /// not hold up its own end.
    /// </summary>
    private async Task BringAsync(Agent agent, long version, CancellationToken over)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(over);
        var bringing = _speaker.ObeyAsync(agent, _link, enough.Token);
        if (!bringing.IsCompleted)
        {
            var stopping = UntilStopAsync(version, enough.Token);
            await Task.WhenAny(bringing, stopping);
            var isGivenUp = !bringing.IsCompleted;
            await enough.CancelAsync();
            await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isGivenUp)
            {
                await bringing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
        }

        await bringing;
    }

    private async Task UntilStopAsync(long version, CancellationToken enough)
    {
        while (true)
        {
            await _session.WaitAsync(version, enough);
            var view = await _session.ReadAsync(enough);
            if (!view.State.IsBusy || view.State.StopFor == StopReason.Stop)
                return;
            version = view.Version;
        }
    }

    /// <summary>
    /// Whether the program is to be ended; not by somebody's wish that it hibernates, if that would end what it has
    /// started too.
    /// </summary>
    private async Task<bool> IsOverAsync(Agent agent, CancellationToken over) =>
        agent.StopFor != StopReason.Hibernate || _isQuiet || _child.Exited.IsCompleted
        || _offspring.WhyNotSleep() is not { } reason
        || await _log.TellAsync([new AgentNews.Kept(reason)], over) is not null;

    /// <summary>Completes once the session hibernates; never if it must not.</summary>
    private async Task RestAsync(AgentProfile profile, CancellationToken over)
    {
        if (_host.Options.HibernateAfterOf(profile) is not { } after)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, over);
            return;
        }

        string? told = null;
        while (true)
        {
            var every = after < LookForQuietEvery ? after : LookForQuietEvery;
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(over);
            await Task.WhenAny(
                _live.HibernateWanted, Task.Delay(every, _host.Time, enough.Token));
            await enough.CancelAsync();
            over.ThrowIfCancellationRequested();
            var isDue = _live.HibernateWanted.IsCompleted
                || _live.QuietSince is { } since && _host.Time.GetUtcNow() - since >= after;
            // Only what is proven to be quiet: the rules look at what they know, this at what lives.
            var reason = isDue ? _offspring.WhyNotSleep() : null;
            if (reason is not null && reason != told)
            {
                told = reason;
                await _log.TellAsync([new AgentNews.Noticed(NoticeKind.Info, reason)], over);
            }

            if (isDue && reason is null && await TryEndQuietAsync(over))
                return;

            if (_live.HibernateWanted.IsCompleted)
            {
                // Whoever wants its place has to ask another.
                _live.Decline(_host.Time.GetUtcNow());
                _host.Places.LookAgain();
            }
        }
    }

    private async Task<bool> TryEndQuietAsync(CancellationToken over)
    {
        _isQuiet = true;
        if (await _log.TellAsync([new AgentNews.Quiet()], over) is null)
            return true;
        _isQuiet = false;
        return false;
    }

    private async Task<Prompt?> ReadPromptAsync(AgentPrompt prompt, CancellationToken stop) =>
        await _session.ReadEntryAsync(AgentKind.PromptStream, prompt.Entry, stop) is { } entry
            ? JsonSerializer.Deserialize<Prompt>(entry.Span, SojournJson.Stored) : null;
}

/// <summary>The steps of a stop in words.</summary>
internal static class StopWords
{
    public static string Of(StopNote note) => note switch
    {
        StopNote.Stepped { By: StopBy.Asking } => "It is asked to end what it does.",
        StopNote.Stepped { By: StopBy.ClosingInput } => "Its input is closed.",
        StopNote.Stepped { By: StopBy.Interrupting } => "SIGINT is sent.",
        StopNote.Stepped { By: StopBy.HangingUp } => "SIGHUP is sent: its terminal goes away.",
        StopNote.Stepped { By: StopBy.Terminating } => "SIGTERM is sent.",
        StopNote.Stepped => "SIGKILL is sent.",
        StopNote.NotAsked(var why) => $"It could not be asked: {why}",
        StopNote.Ended(var exit, _) => $"It has ended: {exit}.",
        StopNote.Swept(var process, var signal) =>
            $"{process.Name} (process {process.Pid}), which it left behind, gets "
            + $"SIG{signal.ToString().ToUpperInvariant()}.",
        StopNote.Left(var process) => $"{process.Name} (process {process.Pid}) could not be ended.",
        _ => note.ToString(),
    };
}
