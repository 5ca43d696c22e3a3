using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// Speaks with one living program in its protocol, and tells what it says. Made for each run. <see cref="SpeakAsync"/>
/// and
/// <see cref="ObeyAsync"/> run beside each other.
/// </summary>
internal interface IAgentProgram
{
    /// <summary>
    /// How to start it: arguments and variables beyond the profile's, and whether it wants a
    /// terminal.
    /// </summary>
    ProgramStart StartOf(Agent agent);

    /// <summary>
    /// Reads all that the program says, to the end of its output, and tells it by the link; a
    /// protocol that begins with greetings does so first. What breaks the protocol is a notice, and no exception.
    /// </summary>
    /// <exception cref="AgentProgramException">The program cannot be spoken with; it is stopped.</exception>
    Task SpeakAsync(ProgramLink link, CancellationToken stop);

    /// <summary>
    /// The session has taken steps: brings the program what is new in it, such as prompts, answers, interruptions, a
    /// size. Called with each newer state that is seen, one at a time, first once the program lives.
    /// </summary>
    Task ObeyAsync(Agent agent, ProgramLink link, CancellationToken stop);

    /// <summary>
    /// Asks the program, by its protocol, to end its turn, and completes when it has; false if the protocol cannot.
    /// </summary>
    Task<bool> TryInterruptAsync(ProgramLink link, CancellationToken stop);
}

/// <summary>How a program is started.</summary>
/// <param name="OnTerminal">True for a terminal of its own, false for pipes.</param>
/// <param name="Arguments">Arguments after the profile's.</param>
internal sealed record ProgramStart(bool OnTerminal, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables beyond the profile's; these win.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The conversation that it takes up; it is locked while the program lives, so that no two write to it. Null for a
    /// new one.
    /// </summary>
    public string? Conversation { get; init; }
}

/// <summary>A program that cannot be spoken with. The message is for people.</summary>
internal sealed class AgentProgramException(string message) : Exception(message);

/// <summary>What a program is spoken with through: its process, and the way to the session's log.</summary>
internal sealed class ProgramLink(
    ChildProcess child, Func<IReadOnlyList<AgentNews>, CancellationToken, Task<Refusal?>> tell,
    Func<AgentPrompt, CancellationToken, Task<Prompt?>> readPrompt, TimeProvider time)
{
    /// <summary>How many news one telling may hold; each may make a few events.</summary>
    public const int MostNews = 48;

    /// <summary>The living program.</summary>
    public ChildProcess Child => child;

    /// <summary>What others in this process can do with the program.</summary>
    public LiveAgent? Live { get; init; }

    /// <summary>The engine's clock.</summary>
    public TimeProvider Time => time;

    /// <summary>
    /// Tells news, in order, and completes once they are in the log: nobody sees before what a crash could take back.
    /// May be called from several places at once; each telling is whole.
    /// </summary>
    /// <returns>Why they were not taken (a prompt to be handed over was withdrawn meanwhile); null if they
    /// were.</returns>
    /// <exception cref="OperationCanceledException">The run is over.</exception>
    public Task<Refusal?> TellAsync(IReadOnlyList<AgentNews> news, CancellationToken stop) => tell(news, stop);

    /// <summary>As the other, for one.</summary>
    public Task<Refusal?> TellAsync(AgentNews news, CancellationToken stop) => tell([news], stop);

    /// <summary>All of a prompt; null if it is no longer kept.</summary>
    public Task<Prompt?> ReadPromptAsync(AgentPrompt prompt, CancellationToken stop) => readPrompt(prompt, stop);
}
