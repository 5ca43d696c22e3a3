using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents;

/// <summary>As <see cref="ProgramFactAttribute"/>, with data.</summary>
internal sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute() => Skip = ChildProcess.WhyNotHere;
}
