namespace Sojourn.Kinds.Agents.Processes;

/// <summary>The signals that are sent to children, with their numbers on Linux.</summary>
internal enum ChildSignal
{
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}
