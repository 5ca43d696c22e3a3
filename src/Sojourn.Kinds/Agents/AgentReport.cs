using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

/// <summary>What the driver has to tell of one run, in order; decided and stored as one step.</summary>
/// <param name="Run">The run; reports of another are refused.</param>
/// <param name="News">What there is.</param>
public sealed record ReportNews(int Run, ImmutableArray<AgentNews> News) : ICommand;

/// <summary>One thing that the driver has seen. In this process alone: never written.</summary>
public abstract record AgentNews
{
    private AgentNews()
    {
    }

    /// <summary>There is no place for the program yet.</summary>
    public sealed record PlaceAwaited(string Reason) : AgentNews;

    /// <summary>The program lives.</summary>
    public sealed record Started(int Pid, long StartTime) : AgentNews;

    /// <summary>The program can be spoken with.</summary>
    /// <param name="Conversation">What the agent calls the conversation; null if that is not known yet.</param>
    public sealed record Ready(string? Conversation = null) : AgentNews;

    /// <summary>The program could not be started.</summary>
    public sealed record NotStarted(string Reason) : AgentNews;

    /// <summary>A terminal drew something.</summary>
    public sealed record Drawn(ReadOnlyMemory<byte> Bytes) : AgentNews;

    /// <summary>How the screen looks after all that was drawn.</summary>
    public sealed record Pictured(ReadOnlyMemory<byte> Picture, TerminalSize Size) : AgentNews;

    /// <summary>Something came to the foreground of a terminal, or left it.</summary>
    public sealed record ForegroundChanged(bool IsBusy) : AgentNews;

    /// <summary>A prompt is about to be written to the agent.</summary>
    public sealed record HandedOver(string Prompt) : AgentNews;

    /// <summary>The agent has a prompt.</summary>
    public sealed record Acknowledged(string Prompt) : AgentNews;

    /// <summary>The agent works.</summary>
    public sealed record TurnBegan : AgentNews;

    /// <summary>A piece of a text that is being written.</summary>
    public sealed record Delta(string Message, string Text, bool IsThought) : AgentNews;

    /// <summary>A whole text.</summary>
    public sealed record Said(string Message, string Text, bool IsThought) : AgentNews;

    /// <summary>A tool is used, or that use has changed.</summary>
    public sealed record Tool(string Call, string? Name, string? Title, string? State, string? Detail) : AgentNews;

    /// <summary>The agent's plan.</summary>
    public sealed record Planned(ImmutableArray<PlanStep> Steps) : AgentNews;

    /// <summary>The agent asks something.</summary>
    public sealed record Asked(Ask Ask) : AgentNews;

    /// <summary>An answer was written to the agent.</summary>
    public sealed record Replied(string Ask) : AgentNews;

    /// <summary>The agent no longer asks.</summary>
    public sealed record AskWithdrawn(string Ask, string Why) : AgentNews;

    /// <summary>The turn is over.</summary>
    public sealed record TurnEnded(TurnOutcome Outcome, string? Error, TurnUsage Usage) : AgentNews
    {
        /// <summary>The last whole text of the turn, in which a reply about a document is looked for.</summary>
        public string? LastText { get; init; }
    }

    /// <summary>So many tasks go on beside the turns.</summary>
    public sealed record BackgroundChanged(int Tasks) : AgentNews;

    /// <summary>
    /// A word for people: what the program writes to its error output, faults of the protocol, steps of a
    /// stop.
    /// </summary>
    public sealed record Noticed(NoticeKind Kind, string Text) : AgentNews;

    /// <summary>The driver has seen that there is nothing to do.</summary>
    public sealed record Quiet : AgentNews;

    /// <summary>It is not hibernated after all: what it has started would end with it.</summary>
    public sealed record Kept(string Reason) : AgentNews;

    /// <summary>The program has ended, and what it left was ended too.</summary>
    /// <param name="Code">Its exit code; null if a signal ended it, or nobody saw it.</param>
    /// <param name="Signal">The signal that ended it; null if none did.</param>
    /// <param name="Error">What went wrong, for people; null if it ended by itself, or was to.</param>
    /// <param name="Cause">Whose doing it was.</param>
    public sealed record Exited(
        int? Code, int? Signal, string? Error = null, ExitCause Cause = ExitCause.Program) : AgentNews;

    /// <summary>The program of an earlier process of the server is gone.</summary>
    public sealed record FoundDead(string Why) : AgentNews;
}

/// <summary>Whose doing the end of a program was.</summary>
public enum ExitCause
{
    /// <summary>It ended by itself, or because it was to.</summary>
    Program,

    /// <summary>It does not speak as it should; another start would give the same.</summary>
    Fault,

    /// <summary>The server stopped, or died.</summary>
    Server,
}

/// <summary>How a turn ended.</summary>
public enum TurnOutcome
{
    /// <summary>The agent is done.</summary>
    Completed,

    /// <summary>It was interrupted.</summary>
    Interrupted,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A limit was met: turns, tokens, budget.</summary>
    Limited,

    /// <summary>The agent does not want to.</summary>
    Refused,
}

/// <summary>What a turn used.</summary>
/// <param name="InputTokens">Tokens that were read.</param>
/// <param name="OutputTokens">Tokens that were written.</param>
/// <param name="TotalCostUsd">What the session has cost so far in this run, in US dollars; null if not told.</param>
public sealed record TurnUsage(long InputTokens = 0, long OutputTokens = 0, decimal? TotalCostUsd = null);

/// <summary>A step of an agent's plan.</summary>
/// <param name="Text">What.</param>
/// <param name="State">How far: <c>pending</c>, <c>in_progress</c>, <c>completed</c>.</param>
public sealed record PlanStep(string Text, string State);

/// <summary>What a notice is about.</summary>
public enum NoticeKind
{
    /// <summary>The program's error output.</summary>
    Stderr,

    /// <summary>The program said what its protocol does not have.</summary>
    Protocol,

    /// <summary>A step on the way to the program's end.</summary>
    Stop,

    /// <summary>What is worth knowing.</summary>
    Info,
}
