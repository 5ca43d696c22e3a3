using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

/// <summary>
/// A coding agent or any other program that people leave and come back to: what they ask, what it answers and asks
/// back, when its program lives, and what was cut off when it died.
/// </summary>
public sealed partial class AgentKind : Kind<Agent>
{
    /// <summary>The kind's name on the wire.</summary>
    public const string KindName = "agent";

    /// <summary>The stream with what a terminal draws.</summary>
    public const string OutputStream = "output";

    /// <summary>The stream with pictures of a terminal's screen.</summary>
    public const string ScreenStream = "screen";

    /// <summary>The stream with what was asked.</summary>
    public const string PromptStream = "prompts";

    internal const string StaleRun = "stale-run";

    /// <summary>What the server has in the place of an agent's id: one that is called so could not be read.</summary>
    internal static readonly ImmutableArray<string> ServersWords = ["profiles", "search"];

    private const int LongestTitle = 200, LongestName = 40, LongestId = 64, LongestPrompt = 200_000;
    private const int LongestDirectory = 400, LargestSize = 500;

    private readonly AgentOptions _options;

    /// <summary>Builds the rules.</summary>
    /// <param name="options">The profiles and limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public AgentKind(AgentOptions? options = null)
        : base(KindName, (options ??= new AgentOptions()).ToPolicy())
    {
        _options = options;
        Start<StartAgent>(Begin);
        On<Prompt, PromptReply>(OnPrompt);
        On<WithdrawPrompt>(OnWithdraw);
        On<RunAgain, PromptReply>(OnRunAgain);
        On<Interrupt>(OnInterrupt);
        On<AnswerAsk>(OnAnswer);
        On<Resize>(OnResize);
        On<Stop>(OnStop);
        On<Resume>(OnResume);
        On<Hibernate>(OnHibernate);
        On<Rename>(OnRename);
        OnDriver<ReportNews>(OnNews);
        Declare();
    }

    /// <inheritdoc />
    protected override SessionId? IdOf(IStart<Agent> start)
    {
        var profile = _options.Profiles.FirstOrDefault(each => each.Name == ((StartAgent)start).Profile);
        return profile?.Mode == AgentMode.Shared && SessionId.TryParse(profile.Name, out var id)
            ? id : default(SessionId?);
    }

    /// <inheritdoc />
    protected override string StatusOf(Agent state) => NameOf(state.Status);

    /// <inheritdoc />
    protected override Step<Agent> DriverEnded(Agent state, DriverExit exit, RuleContext context)
    {
        if (exit.Error is null)
        {
            return Go(state);
        }

        var news = new Telling(state, context);
        news.Fail($"The server could not drive it: {exit.Error}");
        return StepOf(news);
    }

    internal static string NameOf(AgentStatus status) => status switch
    {
        AgentStatus.Starting => "starting",
        AgentStatus.Idle => "idle",
        AgentStatus.Running => "running",
        AgentStatus.Waiting => "waiting",
        AgentStatus.Background => "background",
        AgentStatus.Stopping => "stopping",
        AgentStatus.Interrupted => "interrupted",
        AgentStatus.Hibernated => "hibernated",
        AgentStatus.Failed => "failed",
        _ => "ended",
    };

    private void Declare()
    {
        Emits<AgentBegan>();
        Emits<StatusChanged>();
        Emits<PlaceAwaited>();
        Emits<ProcessStarted>();
        Emits<ProcessExited>();
        Emits<WorkCut>();
        Emits<PromptQueued>();
        Emits<PromptWithdrawn>();
        Emits<PromptHandedOver>();
        Emits<PromptAcknowledged>();
        Emits<TurnBegan>();
        Emits<TurnEnded>();
        Emits<TextDelta>();
        Emits<TextWritten>();
        Emits<ToolUsed>();
        Emits<PlanMade>();
        Emits<DocumentReplied>();
        Emits<AskOpened>();
        Emits<AskAnswered>();
        Emits<AskWithdrawn>();
        Emits<InterruptAsked>();
        Emits<Resized>();
        Emits<BackgroundChanged>();
        Emits<Noticed>();
        Emits<StopBegan>();
        Emits<Resumed>();
        Emits<Renamed>();
    }

    private Step<Agent> Begin(StartAgent start, RuleContext context)
    {
        if (WordFault(context.Key.Id.ToString()) is { } taken)
        {
            return taken;
        }

        var profile = _options.Find(start.Profile, context.Key.Owner);
        if (profile is null)
        {
            var names = string.Join(", ", _options.NamesFor(context.Key.Owner));
            return Invalid("profile", "unknown-profile", names.Length == 0
                ? "This server has no profiles for you; its configuration names them."
                : $"There is no such profile. There are: {names}.");
        }

        if (profile.Mode == AgentMode.Shared && context.Key.Id.ToString() != profile.Name)
        {
            return Invalid("profile", "shared",
                $"The profile '{profile.Name}' has one session for all, called so: start it without an id.");
        }

        if ((SharedNameFault(profile, context.Key) ?? FaultOf(start)) is { } fault)
        {
            return fault;
        }

        var agent = new Agent
        {
            Profile = profile.Name,
            Protocol = profile.Protocol,
            Title = start.Title?.Trim(),
            Directory = start.Directory,
            Size = start.Size ?? new TerminalSize(80, 24),
            ForkOf = start.ForkOf,
            QuietSince = context.Now,
        };
        var telling = new Telling(agent, context);
        telling.Add(new AgentBegan(agent.Profile, agent.Protocol, agent.Title));
        if (start.Prompt is { } text)
        {
            if (PromptFault(agent, new Prompt(text)) is { } no)
            {
                return no;
            }

            telling.Queue(NewId(context), new Prompt(text));
        }

        return StepOf(telling);
    }

    private static Step<Agent> OnRename(Agent state, Rename rename, RuleContext context)
    {
        if (rename.Title is { } title && TitleFault(title) is { } fault)
        {
            return fault;
        }

        var name = rename.Title?.Trim();
        return name == state.Title ? Go(state) : Go(state with { Title = name }).Event(new Renamed(name));
    }

    private static Step<Agent> OnResize(Agent state, Resize resize, RuleContext context)
    {
        var size = new TerminalSize(resize.Columns, resize.Rows);
        if ((SizeFault(size) ?? NameFault(resize.By)) is { } fault)
        {
            return fault;
        }

        if (state.Protocol != AgentProtocol.Terminal)
        {
            return Refuse("no-terminal", "Only a terminal has a size.");
        }

        if (state.SizeOwner is { } owner && owner != resize.By && !resize.TakeOver)
        {
            return Refuse("size-owned", $"{owner} decides the size; send 'takeOver': true to decide it yourself.");
        }

        var isFromAnother = resize.OnlyFrom is { } only && only != state.SizeOwner;
        if (isFromAnother || (state.Size == size && state.SizeOwner == resize.By))
        {
            return Go(state);
        }

        return Go(state with { Size = size, SizeOwner = resize.By })
            .Event(new Resized(size.Columns, size.Rows, resize.By, state.OutputEntries));
    }

    private static Step<Agent> StepOf(Telling telling)
    {
        // First what it adds: the agent is then as it will be.
        var events = telling.Finish();
        var step = Go(telling.Agent);
        foreach (var happened in events)
        {
            step = step.Event(happened);
        }

        foreach (var (stream, entry) in telling.Appends)
        {
            step = step.Append(stream, entry);
        }

        return step;
    }

    private static string NewId(RuleContext context) => $"{context.Dice.NextBits():x16}";

    private static Refusal? WordFault(string id) => ServersWords.Contains(id)
        ? Invalid("id", "reserved", $"An agent cannot be called '{id}': that is a path of the server's.") : null;

    /// <summary>A shared session is found by its name: none of another profile may have it.</summary>
    private Refusal? SharedNameFault(AgentProfile profile, SessionKey key) => profile.Mode != AgentMode.Shared
        && _options.Find(key.Id.ToString(), key.Owner) is { Mode: AgentMode.Shared } shared
            ? Invalid("id", "reserved", $"Only the session of the shared profile '{shared.Name}' can be called so.")
            : null;

    private static Refusal? FaultOf(StartAgent start) =>
        (start.Title is { } title ? TitleFault(title) : null)
        ?? (start.Directory is { } directory ? DirectoryFault(directory) : null)
        ?? (start.Size is { } size ? SizeFault(size) : null);

    private static Refusal? TitleFault(string title) =>
        title.Trim().Length is 0 or > LongestTitle || title.Any(char.IsControl)
            ? Invalid("title", "out-of-range", $"'title' must be 1 to {LongestTitle} characters, none of them a "
                + "control character.")
            : null;

    private static Refusal? NameFault(string? by) => by is { } name
        && (name.Length is 0 or > LongestName || name.Any(char.IsControl))
            ? Invalid("by", "out-of-range", $"'by' must be 1 to {LongestName} characters, none of them a control "
                + "character.")
            : null;

    private static Refusal? SizeFault(TerminalSize size) =>
        size.Columns is < 1 or > LargestSize ? Invalid("columns", "out-of-range", "'columns' must be 1 to 500.")
        : size.Rows is < 1 or > LargestSize ? Invalid("rows", "out-of-range", "'rows' must be 1 to 500.")
        : null;

    /// <summary>By its letters alone; that it is there, and not a link to elsewhere, the driver looks after.</summary>
    private static Refusal? DirectoryFault(string directory) =>
        directory.Length is 0 or > LongestDirectory || directory[0] is '/' or '\\' || directory.Any(char.IsControl)
        || directory.Split('/', '\\').Any(part => part is "" or "." or "..")
            ? Invalid("directory", "out-of-range", "'directory' must be a path below the profile's directory, such as "
                + $"'project/src', without '.' and '..', up to {LongestDirectory} characters.")
            : null;
}
