using System.Text.Json;

namespace Sojourn.Testing;

/// <summary>
/// A rule breaks a promise that the engine relies on: it is not pure, its state does not survive being stored, it
/// throws, it exceeds its policy. The message says which rule, on which step, with which seed.
/// </summary>
public sealed class RuleBrokenException : Exception
{
    internal RuleBrokenException(Standing before, Asked asked, string says, Exception? cause = null)
        : base(Describe(before, asked, says), cause)
    {
        Command = asked.Name;
        Seed = before.Seed;
    }

    /// <summary>The command's name on the wire; <c>Wake</c> or <c>DriverEnds</c> for these rules.</summary>
    public string Command { get; }

    /// <summary>The seed that shows it again.</summary>
    public ulong Seed { get; }

    private static string Describe(Standing before, Asked asked, string says) =>
        $"'{asked.Name}' of kind '{before.Kind.Name}' {says}\n"
        + $"Step {before.Version + 1}, seed {before.Seed}, at {before.DecidedAt:O}{Parameters(asked.Command)}.";

    private static string Parameters(object? command)
    {
        try
        {
            return command is null
                ? ""
                : $", {JsonSerializer.Serialize(command, command.GetType(), SojournJson.Options)}";
        }
        catch (Exception unwritable) when (unwritable is JsonException or NotSupportedException
            or InvalidOperationException)
        {
            return $", {command}";
        }
    }
}
