namespace Sojourn.Tests;

/// <summary>
/// For tests of programs that we did not write and that look at the system's clock: nothing else runs meanwhile.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
