using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sojourn.Cli.Verbs;

/// <summary>Arguments and options that several verbs share.</summary>
internal static class Arguments
{
    private const string WhatAnIdIs =
        "a generated id such as generation-01hzx3k9v7m2q4r8s6t0w5y1ab, or KIND/ID";

    public static Argument<SessionAddress> Session() => new("ID")
    {
        Description = "The session: " + WhatAnIdIs,
        CustomParser = result => ParseSession(result, result.Tokens[0].Value),
    };

    public static Argument<SessionAddress[]> Sessions() => new("ID")
    {
        Description = "The sessions, each " + WhatAnIdIs,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => ParseSession(result, token.Value)!)],
    };

    public static Argument<string> Name(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result => RequireName(result, name));
        return argument;
    }

    /// <summary>A kind, or all of them.</summary>
    public static Argument<string?> OptionalKind()
    {
        var argument = new Argument<string?>("KIND")
        {
            Description = "Sessions of this kind [all kinds]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        argument.Validators.Add(result => RequireName(result, "KIND"));
        return argument;
    }

    public static Option<string?> Owner(string description)
    {
        var option = new Option<string?>("--owner") { Description = description, HelpName = "NAME" };
        option.Validators.Add(result => RequireName(result, "--owner"));
        return option;
    }

    public static Option<string?> Id()
    {
        var option = new Option<string?>("--id")
        {
            Description = "The new session's id, which must be free [one is made]",
            HelpName = "ID",
        };
        option.Validators.Add(result => RequireName(result, "--id"));
        return option;
    }

    public static Argument<string?> Parameters(string description) => new("JSON")
    {
        Description = description + ": a JSON object, @FILE to read it from a file, or - for standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static SessionAddress? ParseSession(ArgumentResult result, string text)
    {
        if (!SessionAddress.TryParse(text, out var address))
            result.AddError($"'{text}' names no session; give {WhatAnIdIs}.");
        return address;
    }

    private static void RequireName(SymbolResult result, string name)
    {
        foreach (var token in result.Tokens.Where(token => !SessionAddress.IsName(token.Value)))
        {
            result.AddError(
                $"{name}: '{token.Value}' is no valid name; use 1 to 64 characters of a-z, 0-9, '.', '_' and '-', "
                + "beginning with a letter or a digit.");
        }
    }
}
