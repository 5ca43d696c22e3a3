namespace Sojourn.Kinds.Agents.Processes;

/// <summary>How a child ended: with a code, or by a signal.</summary>
/// <param name="Code">0 to 255, if it ended by itself.</param>
/// <param name="Signal">The signal's number, if one ended it.</param>
/// <remarks>
/// Both are null if somebody else took the answer: the runtime does so when the server was started with SIGCHLD
/// ignored.
/// </remarks>
internal readonly record struct ChildExit(int? Code, int? Signal)
{
    /// <param name="status">As waitpid gives it, of a process that has ended.</param>
    public static ChildExit FromStatus(int status) => (status & 0x7f) == 0
        ? new ChildExit((status >> 8) & 0xff, null)
        : new ChildExit(null, status & 0x7f);

    public override string ToString() => this switch
    {
        { Code: { } code } => $"exit code {code}",
        { Signal: { } signal } when Enum.IsDefined((ChildSignal)signal) => $"signal {signal} ({(ChildSignal)signal})",
        { Signal: { } signal } => $"signal {signal}",
        _ => "an end of which nothing is known",
    };
}
