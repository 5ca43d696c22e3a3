using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>The engine with the kind and its driver, real programs, and a clock that is moved by hand.</summary>
internal sealed class AgentEngine : IAsyncDisposable
{
    /// <summary>No other timer is set to so long: the clock's tells that the driver looks for quiet ones.</summary>
    public static readonly TimeSpan HibernateAfter = TimeSpan.FromSeconds(29);

    private readonly ScratchDirectory _scratch = new();
    private readonly ManualClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly SojournEngine _engine;
    // Found among all processes of the machine: no other test, and no other run of it, has the same.
    private readonly SessionId _id = SessionId.Parse($"agent-{Guid.NewGuid():N}");

    private AgentEngine(AgentProtocol protocol, string behaviour)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSojourn(options => options.LeaseLength = TimeSpan.FromMinutes(10))
            .AddAgents(Path.Combine(_scratch.Path, "agents"), new AgentOptions
            {
                MinFreeMemory = 0,
                Profiles = [ProfileOf(protocol, behaviour)],
            });
        _services = services.BuildServiceProvider();
        _engine = _services.GetRequiredService<SojournEngine>();
    }

    public SessionKey Key => new(AgentKind.KindName, OwnerId.Local, _id);

    public string Memory => Path.Combine(_scratch.Path, "memory");

    /// <summary>Completes once its program has nothing to do.</summary>
    public static async Task<AgentEngine> StartAsync(AgentProtocol protocol, string behaviour = "none")
    {
        var agents = new AgentEngine(protocol, behaviour);
        await agents._engine.StartAsync();
        (await agents._engine.CreateAsync(new StartAgent("fake"), new CreateOptions { Id = agents._id }))
            .Problem.ShouldBeNull();
        await agents.UntilAsync(agent => agent.Status == AgentStatus.Idle);
        return agents;
    }

    public async Task<Agent> StateAsync() => (await _engine.GetAsync<Agent>(_id)).Reply.State;

    public async Task SendAsync<TReply>(ICommand<TReply> command) =>
        (await _engine.SendAsync(_id, command)).Problem.ShouldBeNull();

    /// <summary>Why a command is refused.</summary>
    public async Task<string?> RefusedAsync(ICommand command) =>
        (await _engine.SendAsync(_id, command)).Problem.ShouldNotBeNull().Code;

    /// <summary>Asks, and completes with what it says at the turn's end.</summary>
    public async Task<string> AskAsync(string text)
    {
        var prompt = await _engine.SendAsync(_id, new Prompt(text));
        string? said = null;
        await UntilToldAsync(happened =>
        {
            said = happened.Type == "text-written" ? happened.Data<TextWritten>().Text : said;
            return happened.Type == "turn-ended" && happened.Data<TurnEnded>().Prompts.Contains(prompt.Reply.Id);
        });
        return said!;
    }

    /// <summary>Completes once the session is so.</summary>
    public async Task<Agent> UntilAsync(Func<Agent, bool> isSo)
    {
        Agent? now = null;
        if (isSo(now = await StateAsync()))
            return now;
        try
        {
            await WatchAsync(async _ => isSo(now = await StateAsync()));
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It is: {now}", late);
        }

        return now;
    }

    /// <summary>Completes with the first event that is so, whenever it was.</summary>
    public Task UntilToldAsync(Predicate<SessionEvent> isIt) =>
        WatchAsync(happened => ValueTask.FromResult(isIt(happened)));

    /// <summary>
    /// Completes once it is hibernated, as the time passes; nothing speaks against it any more. The clock is moved on
    /// when the driver, too, has seen that there is nothing to do.
    /// </summary>
    public async Task<Agent> HibernatesAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        var live = _services.GetRequiredService<AgentHost>().Live;
        while ((await StateAsync()).IsLive)
        {
            if (live.Find(Key)?.QuietSince is null)
                await Task.Yield();
            else
                await PassAsync();
            patience.Token.ThrowIfCancellationRequested();
        }

        return await UntilAsync(agent => agent.Status == AgentStatus.Hibernated);
    }

    /// <summary>Completes once the driver, too, has seen that there is nothing to do.</summary>
    public async Task SeenQuietAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        var live = _services.GetRequiredService<AgentHost>().Live;
        while (live.Find(Key)?.QuietSince is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Time passes after which a quiet one is hibernated; completes when the driver has looked.</summary>
    public async Task PassAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        await _clock.WhenAwaited(HibernateAfter).WaitAsync(patience.Token);
        _clock.Advance(HibernateAfter);
        // It waits again, or is not there any more.
        await Task.WhenAny(_clock.WhenAwaited(HibernateAfter), UntilAsync(agent => !agent.IsLive))
            .WaitAsync(patience.Token);
    }

    /// <summary>As much time passes as something waits for.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        await _clock.WhenAwaited(wait).WaitAsync(patience.Token);
        _clock.Advance(wait);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync();
        await _services.DisposeAsync();
        _scratch.Dispose();
    }

    private AgentProfile ProfileOf(AgentProtocol protocol, string behaviour) => new()
    {
        Name = "fake",
        Protocol = protocol,
        Command = behaviour == "wrapped" ? "/bin/sh" : "dotnet",
        Arguments =
        [
            .. behaviour == "wrapped" ? (string[])["-c", "dotnet \"$@\"; exit $?", "sh"] : [],
            .. FakeAgents.Arguments(protocol == AgentProtocol.Claude ? "claude" : "acp", Memory, behaviour),
        ],
        Environment = FakeAgents.Variables,
        HibernateAfter = HibernateAfter,
    };

    private async Task WatchAsync(Func<SessionEvent, ValueTask<bool>> isIt)
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        await foreach (var news in _engine.WatchAsync(Key, 0, patience.Token))
        {
            if (news is SessionEvent happened && await isIt(happened))
                return;
        }
    }
}
