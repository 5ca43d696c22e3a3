namespace Sojourn.Kinds.Agents.Processes;

/// <summary>What a child runs. Nothing of it passes through a shell.</summary>
/// <param name="Command">
/// A name that is looked up on the <c>PATH</c> of <paramref name="Environment"/>, or an absolute path.
/// </param>
/// <param name="Arguments">What follows the name, handed over as it is.</param>
/// <param name="Directory">The absolute path of the directory that it starts in.</param>
/// <param name="Environment">
/// All variables that it gets but for the marker's. Nothing of this server's own environment is added.
/// </param>
/// <param name="Marker">By what it and its descendants are found again.</param>
internal sealed record ChildProgram(
    string Command,
    IReadOnlyList<string> Arguments,
    string Directory,
    IReadOnlyDictionary<string, string> Environment,
    ProcessMarker Marker);
