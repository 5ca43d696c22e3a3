using System.CommandLine;

namespace Sojourn.Cli.Agents;

/// <summary>How agents are named on the command line.</summary>
internal static class AgentNames
{
    public const string Kind = "agent";

    public static Argument<string> Argument()
    {
        var argument = new Argument<string>("ID") { Description = "The agent: its id, with or without `agent/`" };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !SessionAddress.IsName(IdOf(token.Value))))
                result.AddError(
                    $"ID: '{token.Value}' names no agent; give its id, such as `sojourn ls agent` shows it.");
        });
        return argument;
    }

    public static string IdOf(string name) =>
        name.StartsWith(Kind + "/", StringComparison.Ordinal) ? name[(Kind.Length + 1)..] : name;

    public static Option<string?> Name() => new("--name")
    {
        Description = "What you call yourself, for others to see [your name here and a number]",
        HelpName = "NAME",
    };

    /// <summary>A name for others to see, and another one for each call of the program.</summary>
    public static string NameOr(string? given, Terminal terminal)
    {
        if (given is not null)
            return given.Length is > 0 and <= 40 && !given.Any(char.IsControl)
                ? given : throw new UsageException("--name takes 1 to 40 characters.");
        var user = terminal.Environment("USER") ?? terminal.Environment("USERNAME") ?? "terminal";
        return $"{PlainText.Line(user, 30)}-{System.Environment.ProcessId}";
    }
}
