using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// Runs the programs of agents: finds a place, starts one, lets what knows its protocol speak with it, and stops it.
/// </summary>
internal sealed class AgentDriver(AgentHost host, Func<AgentProfile, SessionKey, IAgentProgram> speakers)
    : IDriver<Agent>
{
    private const string ServerDied = "The server was gone; its programs are ended.";

    public async Task DriveAsync(DrivenSession<Agent> session, CancellationToken stop)
    {
        await host.SweepAsync().WaitAsync(stop);
        // A prompt that came in the last moment starts it again.
        while ((await session.ReadAsync(stop)).State is { IsBusy: true } agent)
        {
            await DriveAsync(session, agent, stop);
        }
    }

    private async Task DriveAsync(DrivenSession<Agent> session, Agent agent, CancellationToken stop)
    {
        using var log = new RunLog(session, agent.Run);
        if (agent.Status != AgentStatus.Starting || agent.Process is not null)
        {
            // Of a process of the server that is no more, or of a lease that was lost: what it left is ended.
            await host.EndLeftoversAsync(session.Key);
            await log.TellAsync([new AgentNews.FoundDead(ServerDied)], stop);
            return;
        }

        try
        {
            await RunAsync(session, agent, log, stop);
        }
        catch (AgentProgramException cannot)
        {
            await log.TellAsync([new AgentNews.NotStarted(cannot.Message)], stop);
        }
        catch (ChildStartException cannot)
        {
            await log.TellAsync([new AgentNews.NotStarted(cannot.Message)], stop);
        }
    }

    private async Task RunAsync(DrivenSession<Agent> session, Agent agent, RunLog log, CancellationToken stop)
    {
        if (host.Options.Find(agent.Profile, session.Key.Owner) is not { } profile)
        {
            throw new AgentProgramException($"The server has no profile '{agent.Profile}' any more.");
        }

        using var place = host.Places.Enter(session.Key);
        if (!await WaitForPlaceAsync(session, place, log, stop))
        {
            await log.TellAsync([new AgentNews.Exited(null, null)], stop);
            return;
        }

        var speaker = speakers(profile, session.Key);
        var start = speaker.StartOf(agent);
        using var held = new HeldConversations(host.Locks, agent.Protocol);
        if (start.Conversation is { } taken && !held.TryTake(taken))
        {
            throw new AgentProgramException(
                $"Another program has the conversation {taken} open. End that one first.");
        }

        log.Held = held;
        var program = new ChildProgram(
            profile.Command,
            [.. profile.Arguments, .. start.Arguments],
            ProgramFiles.DirectoryOf(profile, agent.Directory),
            ProgramFiles.EnvironmentOf(profile, start, OurEnvironment()),
            host.MarkerOf(session.Key));
        await using var child = start.OnTerminal
            ? ChildProcess.StartOnTerminal(program, agent.Size, host.Time)
            : ChildProcess.StartOnPipes(program, host.Time);
        await new AgentRun(host, session, log, speaker, child).LiveAsync(profile, stop);
    }

    /// <returns>False if the session is to be stopped before it has begun.</returns>
    private async Task<bool> WaitForPlaceAsync(
        DrivenSession<Agent> session, PlaceTicket ticket, RunLog log, CancellationToken stop)
    {
        string? told = null;
        LiveAgent? asked = null;
        while (true)
        {
            var change = host.Places.NextChange();
            var view = await session.ReadAsync(stop);
            if (view.State.Status != AgentStatus.Starting)
                return false;
            if (host.Places.TryTake(ticket) is not { } refusal)
                return true;

            // One makes place for it, and the next only if that one cannot.
            if (refusal.IsFull && (asked is null or { HasDeclined: true } || !host.Places.Has(asked.Key)))
                asked = host.Live.MakePlace(refusal.OfOwner ? session.Key.Owner : null, host.Time.GetUtcNow());
            if (told != refusal.Reason)
            {
                told = refusal.Reason;
                await log.TellAsync([new AgentNews.PlaceAwaited(told)], stop);
                continue;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
            // Memory comes back without a word.
            await Task.WhenAny(
                change, session.WaitAsync(view.Version, enough.Token),
                Task.Delay(TimeSpan.FromSeconds(5), host.Time, enough.Token));
            await enough.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }

    private static Dictionary<string, string> OurEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(each => (string)each.Key, each => (string?)each.Value ?? "", StringComparer.Ordinal);
}
