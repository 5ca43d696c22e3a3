using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sojourn.Cli;

/// <summary>The usual help, then examples, and for the program as a whole its exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb verb)
            return code;

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in verb.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        if (verb.Parents.Any())
            return code;

        output.WriteLine("Exit codes:");
        foreach (var (exit, meaning) in ExitCodes.Table)
            output.WriteLine($"  {exit,3}  {meaning}");
        output.WriteLine();
        return code;
    }
}
