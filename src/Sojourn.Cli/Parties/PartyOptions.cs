using System.CommandLine;

namespace Sojourn.Cli.Parties;

/// <summary>Options that several verbs of parties have.</summary>
internal static class PartyOptions
{
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Where this machine's key and settings are [SOJOURN_MESH, or `sojourn-mesh` among your local "
            + "application data]",
        HelpName = "DIR",
    };

    public static string HomeOf(Call call) => call.Parse.GetValue(Home)
        ?? (call.Terminal.Environment("SOJOURN_MESH") is { Length: > 0 } set ? set : Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "sojourn-mesh"));

    /// <summary>A name, or none for all of its kind.</summary>
    public static Argument<string?> OneOrAll(string description) =>
        new("NAME") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <exception cref="UsageException">Something is to be changed, and it is not said which.</exception>
    public static int? RefuseNameless(bool isChange) =>
        isChange ? throw new UsageException("Say which one: NAME is missing.") : null;

    public static int TellRemoved(Call call, string name)
    {
        if (call.Json)
            call.Document(new { name, removed = true });
        else
            call.Say($"Removed {name}.");
        return ExitCodes.Done;
    }
}
