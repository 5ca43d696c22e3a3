namespace Sojourn.Kinds.Agents.Processes;

/// <summary>Checks what is to be run, and finds it.</summary>
internal static class Programs
{
    /// <exception cref="ChildStartException">It cannot be run, and why.</exception>
    public static NativeProgram Prepare(ChildProgram program)
    {
        Check(program);
        return new NativeProgram(
            Find(program),
            program.Directory,
            [program.Command, .. program.Arguments, null],
            [.. EnvironmentOf(program), null]);
    }

    private static void Check(ChildProgram program)
    {
        string[] texts = [program.Command, program.Directory, .. program.Arguments,
            .. program.Environment.Keys, .. program.Environment.Values,
            program.Marker.Session, program.Marker.Instance];
        Require(Array.TrueForAll(texts, text => !text.Contains('\0', StringComparison.Ordinal)),
            "No argument, variable or path of a program can have a NUL character in it.");
        Require(program.Environment.Keys.All(name => name.Length > 0 && !name.Contains('=', StringComparison.Ordinal)),
            "The name of a variable cannot be empty or have an equals sign in it.");
        Require(program.Marker.Session.Length > 0 && program.Marker.Instance.Length > 0,
            "A program cannot be run without the marker that it is found again by.");
        Require(Path.IsPathFullyQualified(program.Directory),
            $"The directory to run {program.Command} in must be an absolute path; '{program.Directory}' is none.");
        Require(program.Command.Length > 0, "There is no command to run.");
        if (!Directory.Exists(program.Directory))
        {
            throw new ChildStartException(ChildStartProblem.NoDirectory,
                $"{program.Command} cannot be run in {program.Directory}: there is no such directory.");
        }
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ChildStartException(ChildStartProblem.Invalid, otherwise);
        }
    }

    private static string Find(ChildProgram program)
    {
        var command = program.Command;
        var isName = !command.Contains('/', StringComparison.Ordinal);
        Require(isName || Path.IsPathFullyQualified(command),
            $"A command is a name or an absolute path; '{command}' is neither.");
        var path = program.Environment.GetValueOrDefault("PATH", "");
        // A relative directory on the PATH would make what is run depend on where it is run.
        string[] candidates = isName
            ? [.. path.Split(':').Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, command))]
            : [command];
        var files = Array.FindAll(candidates, File.Exists);
        return Array.Find(files, NativeSpawn.MayRun)
            ?? throw (files is [var file, ..]
                ? new ChildStartException(ChildStartProblem.NotExecutable, $"{file} is not executable.")
                : new ChildStartException(ChildStartProblem.NotFound, isName
                    ? $"{command} is not on the PATH, which is '{path}'."
                    : $"There is no program {command}."));
    }

    private static IEnumerable<string> EnvironmentOf(ChildProgram program) => program.Environment
        .Where(variable => variable.Key is not (ProcessMarker.SessionVariable or ProcessMarker.InstanceVariable))
        .Select(variable => $"{variable.Key}={variable.Value}")
        .Append($"{ProcessMarker.SessionVariable}={program.Marker.Session}")
        .Append($"{ProcessMarker.InstanceVariable}={program.Marker.Instance}");
}
