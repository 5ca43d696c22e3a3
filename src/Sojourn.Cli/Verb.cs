using System.CommandLine;

namespace Sojourn.Cli;

/// <summary>A command of the program with an example for its help.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Lines as one would type them.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
