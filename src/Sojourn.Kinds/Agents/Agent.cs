using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

/// <summary>How an agent's program is spoken with.</summary>
public enum AgentProtocol
{
    /// <summary>Any program, on a terminal of its own: what it draws is shown, what is typed reaches it.</summary>
    Terminal,

    /// <summary>Claude Code's lines of JSON, both ways.</summary>
    Claude,

    /// <summary>The Agent Client Protocol, version 1.</summary>
    Acp,
}

/// <summary>What an agent is doing.</summary>
public enum AgentStatus
{
    /// <summary>Its program is being started, or waits for a place.</summary>
    Starting,

    /// <summary>Its program lives and has nothing to do.</summary>
    Idle,

    /// <summary>A turn is under way; or a terminal has a program in the foreground.</summary>
    Running,

    /// <summary>It has asked something and waits for the answer.</summary>
    Waiting,

    /// <summary>The turn is over, but work that it left goes on.</summary>
    Background,

    /// <summary>Its program is being stopped.</summary>
    Stopping,

    /// <summary>Its program ended in the middle of something; a prompt or <c>resume</c> goes on.</summary>
    Interrupted,

    /// <summary>
    /// Its program was stopped in good order while there was nothing to do; the next prompt starts
    /// it.
    /// </summary>
    Hibernated,

    /// <summary>Its program could not be started, or does not do what it should.</summary>
    Failed,

    /// <summary>It was stopped, or its program ended by itself.</summary>
    Ended,
}

/// <summary>What a program is being stopped for.</summary>
public enum StopReason
{
    /// <summary>Somebody said so: it is over.</summary>
    Stop,

    /// <summary>There is nothing to do; it will come back.</summary>
    Hibernate,
}

/// <summary>An agent's session: a program that people leave and come back to.</summary>
public sealed record Agent
{
    /// <summary>Which of the server's profiles it is of.</summary>
    public required string Profile { get; init; }

    /// <summary>How its program is spoken with.</summary>
    public required AgentProtocol Protocol { get; init; }

    /// <summary>What people call it; null if nobody said.</summary>
    public string? Title { get; init; }

    /// <summary>Where its program works, below the profile's directory; null for there.</summary>
    public string? Directory { get; init; }

    /// <summary>What it is doing.</summary>
    public AgentStatus Status { get; init; }

    /// <summary>Counts the programs that were started for it; the newest one's number, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>The program that lives; null if none does.</summary>
    public AgentProcess? Process { get; init; }

    /// <summary>How the last program ended; null if none has.</summary>
    public AgentExit? Exit { get; init; }

    /// <summary>What the agent itself calls the conversation; null until it has said so.</summary>
    public string? Conversation { get; init; }

    /// <summary>The conversation that this one is a copy of; null if of none.</summary>
    public string? ForkOf { get; init; }

    /// <summary>What was asked and is not done, in the order in which it came.</summary>
    public ImmutableArray<AgentPrompt> Prompts { get; init; } = [];

    /// <summary>How many prompts the stream <c>prompts</c> holds.</summary>
    public long PromptEntries { get; init; }

    /// <summary>How many bytes the stream <c>prompts</c> has had.</summary>
    public long PromptBytes { get; init; }

    /// <summary>The turn that is under way; null if none is.</summary>
    public Turn? Turn { get; init; }

    /// <summary>What the agent has asked and nobody has answered.</summary>
    public ImmutableArray<Ask> Asks { get; init; } = [];

    /// <summary>Answers that are on their way to the agent.</summary>
    public ImmutableArray<AnswerAsk> Replies { get; init; } = [];

    /// <summary>
    /// The ids of asks that were answered, the newest last, with who did; so that a later answer is
    /// told.
    /// </summary>
    public ImmutableArray<AnsweredAsk> Answered { get; init; } = [];

    /// <summary>True while a terminal has a program of the shell's in the foreground.</summary>
    public bool IsInForeground { get; init; }

    /// <summary>When its program last showed that it lived.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>How many tasks go on beside the turns.</summary>
    public int BackgroundTasks { get; init; }

    /// <summary>A terminal's size.</summary>
    public TerminalSize Size { get; init; } = new(80, 24);

    /// <summary>Who decides the size; null if nobody does.</summary>
    public string? SizeOwner { get; init; }

    /// <summary>What was cut off when the program last ended in the middle of something; null if nothing was.</summary>
    public Cut? Cut { get; init; }

    /// <summary>Why the program is not started yet; null if it is, or need not be.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What is wrong, for people; null if nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>What the program is being stopped for; null if it is not.</summary>
    public StopReason? StopFor { get; init; }

    /// <summary>How often an interruption was asked for.</summary>
    public int Interruptions { get; init; }

    /// <summary>How many turns there were.</summary>
    public int Turns { get; init; }

    /// <summary>What it has used.</summary>
    public AgentUsage Usage { get; init; } = new();

    /// <summary>The cost of the runs before this one, in US dollars.</summary>
    public decimal CostBefore { get; init; }

    /// <summary>How many bytes a terminal has drawn in all.</summary>
    public long OutputBytes { get; init; }

    /// <summary>How many entries the stream <c>output</c> has had.</summary>
    public long OutputEntries { get; init; }

    /// <summary>The newest picture of the screen; null if there is none.</summary>
    public StoredScreen? Screen { get; init; }

    /// <summary>Since when there was nothing to do.</summary>
    public DateTimeOffset QuietSince { get; init; }

    /// <summary>Marks of the newest accepted prompts, so that one that is sent again is known.</summary>
    public ImmutableArray<long> Accepted { get; init; } = [];

    /// <summary>True while a program lives or is to live.</summary>
    internal bool IsBusy => Status is AgentStatus.Starting or AgentStatus.Idle or AgentStatus.Running
        or AgentStatus.Waiting or AgentStatus.Background or AgentStatus.Stopping;

    /// <summary>True while the program has a prompt, or is being given one.</summary>
    internal bool HasPromptInHand =>
        Prompts.Any(prompt => prompt.State is PromptState.HandedOver or PromptState.Acknowledged);

    /// <summary>True while the program can be spoken with.</summary>
    internal bool IsLive => IsBusy && Status is not AgentStatus.Starting and not AgentStatus.Stopping;
}

/// <summary>A program that lives.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="StartTime">When it began, in the system's ticks since the machine started; with the id it is
/// unique.</param>
/// <param name="Since">When it began.</param>
public sealed record AgentProcess(int Pid, long StartTime, DateTimeOffset Since);

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code; null if a signal ended it, or nobody saw it.</param>
/// <param name="Signal">The signal that ended it; null if none did.</param>
/// <param name="At">When.</param>
public sealed record AgentExit(int? Code, int? Signal, DateTimeOffset At);

/// <summary>How far a prompt is.</summary>
public enum PromptState
{
    /// <summary>It waits for the agent.</summary>
    Queued,

    /// <summary>It is on its way to the agent: it may have arrived.</summary>
    HandedOver,

    /// <summary>The agent has it.</summary>
    Acknowledged,

    /// <summary>The program ended before the agent was done with it; it is not sent again by itself.</summary>
    Cut,
}

/// <summary>What an agent was asked to do; all of it is in the stream <c>prompts</c>.</summary>
/// <param name="Id">Given by who asked, or else made here.</param>
/// <param name="Preview">How it begins.</param>
/// <param name="Entry">The entry of the stream <c>prompts</c> that holds it, a <see cref="Prompt"/> as JSON.</param>
/// <param name="State">How far it is.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="By">Who asked, as they call themselves; null if they did not say.</param>
/// <param name="HasContext">True if it is about a document.</param>
public sealed record AgentPrompt(
    string Id, string Preview, long Entry, PromptState State, DateTimeOffset At, string? By, bool HasContext)
{
    /// <summary>How many bytes it has in the stream <c>prompts</c>.</summary>
    public long Bytes { get; init; }

    /// <summary>How many bytes the stream had up to its end.</summary>
    public long EndsAt { get; init; }
}

/// <summary>A document that a prompt is about, and which part of it.</summary>
/// <param name="Content">The whole document.</param>
/// <param name="Selection">What is selected in it; null for nothing.</param>
/// <param name="Address">
/// What may be changed: <c>0:0</c> nothing (the default), <c>0:end</c> or <c>0:N</c> (N its length) the whole document,
/// <c>a:b</c> the characters from a up to, but not including, b, in UTF-16 units.
/// </param>
public sealed record DocumentContext(string Content, string? Selection = null, string Address = "0:0");

/// <summary>A turn of an agent.</summary>
/// <param name="Number">From 1, over all runs.</param>
/// <param name="BeganAt">When.</param>
public sealed record Turn(int Number, DateTimeOffset BeganAt);

/// <summary>Something that an agent asks before it goes on.</summary>
/// <param name="Id">The agent's name for it.</param>
/// <param name="Tool">What it wants to use.</param>
/// <param name="Title">What it wants to do, for people.</param>
/// <param name="Detail">The parameters, as JSON, cut to a few thousand characters.</param>
/// <param name="Choices">What can be answered.</param>
/// <param name="At">When it was asked.</param>
public sealed record Ask(
    string Id, string Tool, string Title, string Detail, ImmutableArray<AskChoice> Choices, DateTimeOffset At)
{
    /// <summary>Questions with answers of one's own, in order; none for a mere permission.</summary>
    public ImmutableArray<AskQuestion> Questions { get; init; } = [];
}

/// <summary>One thing that can be answered.</summary>
/// <param name="Id">What to send back.</param>
/// <param name="Name">For people.</param>
/// <param name="Allows">True if it lets the agent go on, false if it does not.</param>
public sealed record AskChoice(string Id, string Name, bool Allows);

/// <summary>A question to people.</summary>
/// <param name="Text">The question.</param>
/// <param name="Options">What the agent proposes.</param>
/// <param name="Several">True if more than one may be chosen.</param>
public sealed record AskQuestion(string Text, ImmutableArray<string> Options, bool Several);

/// <summary>An ask that was answered.</summary>
/// <param name="Id">Which.</param>
/// <param name="By">Who answered, as they call themselves; null if they did not say.</param>
/// <param name="Choice">What.</param>
public sealed record AnsweredAsk(string Id, string? By, string Choice);

/// <summary>What was cut off.</summary>
/// <param name="At">When that was noticed.</param>
/// <param name="LastSeen">The last that is known of the program before.</param>
/// <param name="Why">What happened, for people.</param>
public sealed record Cut(DateTimeOffset At, DateTimeOffset LastSeen, string Why);

/// <summary>What an agent has used, over all its runs.</summary>
public sealed record AgentUsage
{
    /// <summary>Tokens that were read.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens that were written.</summary>
    public long OutputTokens { get; init; }

    /// <summary>What it cost, in US dollars, as the agent says; null if it does not.</summary>
    public decimal? CostUsd { get; init; }
}

/// <summary>A picture of a terminal's screen, kept in the stream <c>screen</c>.</summary>
/// <param name="Entry">Which entry.</param>
/// <param name="Output">The last entry of the stream <c>output</c> that it covers.</param>
/// <param name="Size">How large the screen was.</param>
public sealed record StoredScreen(long Entry, long Output, TerminalSize Size);
