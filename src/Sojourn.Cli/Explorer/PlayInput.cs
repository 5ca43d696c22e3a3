namespace Sojourn.Cli.Explorer;

using Sojourn.Client;

/// <summary>What moves the screen on: the player, the server, or what was asked of it. There are no others.</summary>
internal abstract record PlayInput
{
    private PlayInput()
    {
    }

    /// <summary>A key was pressed.</summary>
    public sealed record Key(ConsoleKeyInfo Info) : PlayInput;

    /// <summary>A line was typed, and waits to be taken.</summary>
    public sealed record Typed : PlayInput;

    /// <summary>The window has another size.</summary>
    public sealed record Resized : PlayInput;

    /// <summary>The terminal is this program's again, after the shell had it.</summary>
    public sealed record Resumed : PlayInput;

    /// <summary>Something happened to the game, here or elsewhere.</summary>
    /// <param name="Of">What.</param>
    /// <param name="Life">Which of the games of this id it happened to: each that is begun anew is another.</param>
    public sealed record News(SessionNews Of, int Life) : PlayInput;

    /// <summary>The server did not answer, and is asked again.</summary>
    public sealed record Away(string Reason) : PlayInput;

    /// <summary>What was asked is there; <paramref name="Take"/> makes it so.</summary>
    public sealed record Answered(Action Take) : PlayInput;

    /// <summary>It cannot go on.</summary>
    public sealed record Broken(Exception Why) : PlayInput;
}
