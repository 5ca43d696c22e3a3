using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Acp;
using Sojourn.Kinds.Agents.Claude;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>
/// A session by its real rules, whose program is a real process that is spoken with; no engine and no driver. Answers,
/// interruptions and prompts reach the program as they would from a driver: with each newer state.
/// </summary>
internal sealed class SpokenAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _scratch = new();
    private readonly List<ReadOnlyMemory<byte>> _prompts = [];
    private readonly List<object> _events = [];
    private readonly TurnTexts _texts = new();
    private readonly Lock _gate = new();
    private readonly AgentProfile _profile;
    private TaskCompletionSource _changed = NewSignal();
    private Decided<Agent> _session;
    private CancellationTokenSource? _over;
    private Task _speaking = Task.CompletedTask, _obeying = Task.CompletedTask;
    private ProgramLink? _link;

    private SpokenAgent(AgentProtocol protocol, string behaviour, string? login, string? forkOf)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "sojourn-fake-agent.dll");
        _profile = new AgentProfile
        {
            Name = "fake",
            Protocol = protocol,
            Command = "dotnet",
            Login = login,
            Arguments =
            [
                program, protocol == AgentProtocol.Claude ? "claude" : "acp", _scratch.Path, "--behaviour", behaviour,
            ],
        };
        var kind = new AgentKind(new AgentOptions { Profiles = [_profile], MinFreeMemory = 0 });
        _session = Rules.Of(kind).Start(new StartAgent("fake") { ForkOf = forkOf });
    }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Agent State
    {
        get
        {
            lock (_gate)
                return _session.State;
        }
    }

    public IReadOnlyList<object> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    public ChildProcess Child { get; private set; } = null!;

    public IAgentProgram Program { get; private set; } = null!;

    public ProgramLink Link => _link!;

    /// <summary>How the speaking ended.</summary>
    public Task Speaking => _speaking;

    /// <summary>All prompts that any program of it ever got.</summary>
    public IReadOnlyList<JsonNode> Received => File.Exists(ReceivedFile)
        ? [.. File.ReadLines(ReceivedFile).Select(line => JsonNode.Parse(line)!)] : [];

    private string ReceivedFile => Path.Combine(_scratch.Path, "prompts.jsonl");

    public static SpokenAgent Claude(string behaviour = "none", TimeProvider? clock = null) =>
        new(AgentProtocol.Claude, behaviour, null, null) { Clock = clock ?? TimeProvider.System };

    public static SpokenAgent Acp(string behaviour = "none", string? login = null, TimeProvider? clock = null) =>
        new(AgentProtocol.Acp, behaviour, login, null) { Clock = clock ?? TimeProvider.System };

    /// <summary>Starts the program of the present run, and speaks with it.</summary>
    public async Task<SpokenAgent> StartAsync()
    {
        Program = _profile.Protocol == AgentProtocol.Claude
            ? new ClaudeProgram(new SessionKey(AgentKind.KindName, OwnerId.Local, "a")) : new AcpProgram(_profile);
        var start = Program.StartOf(State);
        start.OnTerminal.ShouldBeFalse();
        Dictionary<string, string> environment = new(start.Environment)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = _scratch.Path,
            ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
        };
        Child = ChildProcess.StartOnPipes(
            new ChildProgram(_profile.Command, [.. _profile.Arguments, .. start.Arguments], _scratch.Path, environment,
                new ProcessMarker(_scratch.Path, "tests")),
            TimeProvider.System);
        _link = new ProgramLink(Child, TellAsync, ReadPromptAsync, Clock);
        _over = new CancellationTokenSource();
        await TellAsync([new AgentNews.Started(Child.Pid, (long)Child.StartTime)], default);
        _speaking = Program.SpeakAsync(_link, _over.Token);
        _obeying = ObeyAsync(Program, _link, _over.Token);
        return this;
    }

    /// <summary>As <see cref="StartAsync"/>, up to where it has nothing to do.</summary>
    public async Task<SpokenAgent> ReadyAsync()
    {
        await StartAsync();
        await UntilAsync(agent => agent.Status == AgentStatus.Idle);
        return this;
    }

    public TReply Send<TReply>(ICommand<TReply> command)
    {
        lock (_gate)
        {
            var next = _session.Send(command);
            next.IsAccepted.ShouldBeTrue(next.Refusal?.ToString());
            Step(next);
            return next.Reply;
        }
    }

    public void Send(ICommand command)
    {
        lock (_gate)
        {
            var next = _session.Send(command);
            next.IsAccepted.ShouldBeTrue(next.Refusal?.ToString());
            Step(next);
        }
    }

    /// <summary>Asks, and waits for the turn's end.</summary>
    public async Task<TurnEnded> AskAsync(string text, DocumentContext? context = null)
    {
        var id = Send(new Prompt(text, Context: context)).Id;
        return await UntilAsync<TurnEnded>(ended => ended.Prompts.Contains(id));
    }

    /// <summary>Tells the program something that it waits for.</summary>
    public void Tell(string word) => File.WriteAllText(Path.Combine(_scratch.Path, word), "");

    /// <summary>Waits until the session is so.</summary>
    public async Task UntilAsync(Func<Agent, bool> isSo) =>
        await UntilAsync(() => isSo(_session.State) ? _session.State : null);

    /// <summary>Waits for an event, which may have been.</summary>
    public async Task<T> UntilAsync<T>(Func<T, bool>? isIt = null)
        where T : class =>
        await UntilAsync(() => _events.OfType<T>().FirstOrDefault(each => isIt is null || isIt(each)));

    /// <summary>All texts that were told as whole.</summary>
    public IReadOnlyList<string> Texts =>
        [.. Events.OfType<TextWritten>().Where(each => !each.IsThought).Select(each => each.Text)];

    /// <summary>The program ends, as it likes; its session is told.</summary>
    public async Task ExitAsync(string? error = null)
    {
        var exit = await Child.Exited.WaitAsync(Patience);
        await _speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over!.CancelAsync();
        await _obeying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TellAsync([new AgentNews.Exited(exit.Code, exit.Signal, error)], default);
        await Child.DisposeAsync();
    }

    /// <summary>Ends the program as on a stop in good order.</summary>
    public async Task CloseAsync()
    {
        Child.CloseInput();
        await ExitAsync();
    }

    public Task KillAsync()
    {
        Child.Signal(ChildSignal.Kill);
        return ExitAsync("The server was gone; its programs are ended.");
    }

    /// <summary>Another session with the same memory, a copy of this one's conversation.</summary>
    public void BecomeForkOf(string conversation)
    {
        lock (_gate)
        {
            var kind = new AgentKind(new AgentOptions { Profiles = [_profile], MinFreeMemory = 0 });
            _session = Rules.Of(kind).Start(new StartAgent("fake") { ForkOf = conversation });
            _events.Clear();
            _prompts.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_over is not null)
        {
            await _over.CancelAsync();
            await Child.DisposeAsync();
            await Task.WhenAll(_speaking, _obeying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _over.Dispose();
        }

        _scratch.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<T> UntilAsync<T>(Func<T?> look)
        where T : class
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (look() is { } found)
                    return found;
                changed = _changed.Task;
            }

            // What cannot come any more is a failure, and no endless wait.
            var first = await Task.WhenAny(changed, _speaking, _obeying).WaitAsync(Patience);
            if (first != changed && first.IsFaulted)
                await first;
            if (first != changed)
                await changed.WaitAsync(Patience);
        }
    }

    private void Step(Decided<Agent> next)
    {
        _session = next;
        _events.AddRange(next.Events);
        _prompts.AddRange(
            next.Entries.Where(entry => entry.Stream == AgentKind.PromptStream).Select(entry => entry.Bytes));
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private Task<Refusal?> TellAsync(IReadOnlyList<AgentNews> news, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        news.Count.ShouldBeLessThanOrEqualTo(ProgramLink.MostNews);
        lock (_gate)
        {
            var next = _session.Send(new ReportNews(_session.State.Run, [.. news.Select(_texts.Keep)]));
            if (next.IsAccepted)
                Step(next);
            return Task.FromResult(next.Refusal);
        }
    }

    private Task<Prompt?> ReadPromptAsync(AgentPrompt prompt, CancellationToken stop)
    {
        lock (_gate)
        {
            return Task.FromResult(
                JsonSerializer.Deserialize<Prompt>(_prompts[(int)prompt.Entry - 1].Span, SojournJson.Stored));
        }
    }

    private async Task ObeyAsync(IAgentProgram program, ProgramLink link, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            Agent agent;
            Task changed;
            lock (_gate)
                (agent, changed) = (_session.State, _changed.Task);
            await program.ObeyAsync(agent, link, over);
            await changed.WaitAsync(over);
        }
    }
}
