using System.Collections.Immutable;

namespace Sojourn.Kinds.Agents;

/// <summary>Begins an agent's session.</summary>
/// <param name="Profile">One of the server's profiles.</param>
/// <param name="Title">What people call it: 1 to 200 characters.</param>
/// <param name="Directory">Where it works, below the profile's directory; default there.</param>
/// <param name="Size">A terminal's size; default 80 columns and 24 rows.</param>
/// <param name="Prompt">What it is to do first, for agents that take prompts.</param>
public sealed record StartAgent(
    string Profile, string? Title = null, string? Directory = null, TerminalSize? Size = null, string? Prompt = null)
    : IStart<Agent>
{
    /// <summary>The conversation to copy; set by this process alone.</summary>
    internal string? ForkOf { get; init; }
}

/// <summary>Asks the agent to do something, after what was asked before.</summary>
/// <param name="Text">What: 1 to 200,000 characters.</param>
/// <param name="Id">
/// Your name for it, 1 to 64 printable ASCII characters: the same one again is accepted once. Default: made here.
/// </param>
/// <param name="By">What you call yourself, up to 40 characters, for others to see.</param>
/// <param name="Context">A document that it is about.</param>
public sealed record Prompt(string Text, string? Id = null, string? By = null, DocumentContext? Context = null)
    : ICommand<PromptReply>;

/// <summary>How a prompt stands.</summary>
/// <param name="Id">The prompt's name.</param>
/// <param name="IsRepeated">True if it was accepted before, and this changed nothing.</param>
/// <param name="Before">How many are to be done before it.</param>
public sealed record PromptReply(string Id, bool IsRepeated, int Before);

/// <summary>Takes a prompt back that waits, or that was cut off.</summary>
/// <param name="Prompt">Which.</param>
public sealed record WithdrawPrompt(string Prompt) : ICommand;

/// <summary>Asks again what was cut off; it may have been done in part.</summary>
/// <param name="Prompt">Which; it goes on under another id.</param>
/// <param name="By">What you call yourself.</param>
public sealed record RunAgain(string Prompt, string? By = null) : ICommand<PromptReply>;

/// <summary>Ends the turn that is under way; the program lives on.</summary>
public sealed record Interrupt : ICommand;

/// <summary>Answers what the agent asks. The first answer counts.</summary>
/// <param name="Ask">Which ask.</param>
/// <param name="Choice">One of its choices.</param>
/// <param name="Message">A word to the agent, when it does not allow.</param>
/// <param name="Answers">Answers to its questions, by the question's text.</param>
/// <param name="By">What you call yourself, for others to see.</param>
public sealed record AnswerAsk(
    string Ask, string Choice, string? Message = null, ImmutableDictionary<string, string>? Answers = null,
    string? By = null) : ICommand;

/// <summary>Changes a terminal's size. One client decides it at a time.</summary>
/// <param name="Columns">1 to 500.</param>
/// <param name="Rows">1 to 500.</param>
/// <param name="By">What you call yourself; without, the size is nobody's afterwards.</param>
/// <param name="TakeOver">True to decide from now on, whoever did before.</param>
public sealed record Resize(int Columns, int Rows, string? By = null, bool TakeOver = false) : ICommand
{
    /// <summary>Only if this is who decides the size; otherwise nothing changes. Null for whoever does.</summary>
    public string? OnlyFrom { get; init; }
}

/// <summary>Stops the program, step by step, and ends the session; <c>resume</c> can take it up again.</summary>
public sealed record Stop : ICommand;

/// <summary>Starts the program again: an agent goes on with its conversation, a terminal begins anew.</summary>
public sealed record Resume : ICommand;

/// <summary>Stops the program and keeps the session; the next prompt starts it again. Refused if it has work.</summary>
public sealed record Hibernate : ICommand;

/// <summary>Calls the session something else.</summary>
/// <param name="Title">1 to 200 characters; null for nothing.</param>
public sealed record Rename(string? Title = null) : ICommand;
