namespace Sojourn.Kinds.Agents.Processes;

/// <summary>Why a program could not be started.</summary>
internal enum ChildStartProblem
{
    /// <summary>This system is not one on which programs can be run.</summary>
    NotSupported,

    /// <summary>A text has a NUL in it, a variable's name is none, a path is not absolute.</summary>
    Invalid,

    /// <summary>No such file, or no such name on the PATH.</summary>
    NotFound,

    /// <summary>There is a file, and it cannot be run.</summary>
    NotExecutable,

    /// <summary>The directory to start in is not there, or may not be entered.</summary>
    NoDirectory,

    /// <summary>The system has no process, memory, descriptor or terminal left. Later it may.</summary>
    Exhausted,

    /// <summary>Anything else; the message has the system's word for it.</summary>
    Failed,
}

/// <summary>
/// A program could not be started, and nothing of the attempt is left. The message is a sentence for users.
/// </summary>
internal sealed class ChildStartException(ChildStartProblem problem, string message) : Exception(message)
{
    public ChildStartProblem Problem { get; } = problem;
}
