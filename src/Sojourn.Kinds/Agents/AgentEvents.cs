using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

// What happened, for whoever watches: the one truth of a session. Together with the streams `output` and `screen`
// they are all that any client shows.

/// <summary>A session began.</summary>
public sealed record AgentBegan(string Profile, AgentProtocol Protocol, string? Title);

/// <summary>The agent is doing something else now.</summary>
public sealed record StatusChanged(AgentStatus From, AgentStatus To);

/// <summary>The program waits for a place.</summary>
public sealed record PlaceAwaited(int Run, string Reason);

/// <summary>The program lives.</summary>
public sealed record ProcessStarted(int Run, int Pid);

/// <summary>The program has ended.</summary>
public sealed record ProcessExited(int Run, int? Code, int? Signal, string? Error);

/// <summary>Something was cut off.</summary>
/// <param name="Run">The run that ended.</param>
/// <param name="LastSeen">The last that is known of the program before.</param>
/// <param name="Why">What happened, for people.</param>
/// <param name="Turn">The turn that was cut; null if none was under way.</param>
/// <param name="Prompts">The prompts that were cut.</param>
public sealed record WorkCut(
    int Run, DateTimeOffset LastSeen, string Why, int? Turn, ImmutableArray<string> Prompts);

/// <summary>A prompt was accepted.</summary>
/// <param name="Prompt">Its id.</param>
/// <param name="Text">What was asked; null if it was asked before, as <paramref name="Again"/>.</param>
/// <param name="By">Who asked.</param>
/// <param name="HasContext">True if it is about a document.</param>
/// <param name="Again">The prompt that was cut off and is asked again; null if none was.</param>
public sealed record PromptQueued(string Prompt, string? Text, string? By, bool HasContext, string? Again);

/// <summary>A prompt was taken back.</summary>
public sealed record PromptWithdrawn(string Prompt);

/// <summary>A prompt is on its way to the agent.</summary>
public sealed record PromptHandedOver(string Prompt);

/// <summary>The agent has a prompt.</summary>
public sealed record PromptAcknowledged(string Prompt);

/// <summary>A turn began.</summary>
public sealed record TurnBegan(int Turn);

/// <summary>A turn ended.</summary>
public sealed record TurnEnded(
    int Turn, TurnOutcome Outcome, string? Error, ImmutableArray<string> Prompts, TurnUsage Usage);

/// <summary>A piece of a text that is being written; <c>text-written</c> has the whole.</summary>
public sealed record TextDelta(string Message, string Text, bool IsThought);

/// <summary>A text is there.</summary>
public sealed record TextWritten(string Message, string Text, bool IsThought);

/// <summary>A tool is used, or that use has changed; what is null is as it was.</summary>
public sealed record ToolUsed(string Call, string? Name, string? Title, string? State, string? Detail);

/// <summary>The agent plans.</summary>
public sealed record PlanMade(ImmutableArray<PlanStep> Steps);

/// <summary>The answer to a prompt about a document.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Message">What the agent says.</param>
/// <param name="Update">What to put into the document; null for nothing.</param>
/// <param name="Range">Where: an address as in the prompt; null with no update.</param>
public sealed record DocumentReplied(string Prompt, string Message, string? Update, string? Range);

/// <summary>The agent asks something.</summary>
public sealed record AskOpened(Ask Ask);

/// <summary>Somebody answered.</summary>
public sealed record AskAnswered(string Ask, string Choice, string? By, string? Message);

/// <summary>An ask is no more.</summary>
public sealed record AskWithdrawn(string Ask, string Why);

/// <summary>An interruption was asked for.</summary>
public sealed record InterruptAsked(int? Turn);

/// <summary>A terminal has another size.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="By">Who decided so, as they call themselves; null if they did not say.</param>
/// <param name="Output">The last entry of the stream <c>output</c> before it.</param>
public sealed record Resized(int Columns, int Rows, string? By, long Output);

/// <summary>The tasks beside the turns are so many.</summary>
public sealed record BackgroundChanged(int Tasks);

/// <summary>A word for people.</summary>
public sealed record Noticed(NoticeKind Kind, string Text);

/// <summary>The program is being stopped.</summary>
public sealed record StopBegan(StopReason Reason);

/// <summary>The program is to be started again.</summary>
public sealed record Resumed(int Run);

/// <summary>The session is called something else.</summary>
public sealed record Renamed(string? Title);
