using System.CommandLine;

namespace Sojourn.Cli.Completion;

internal static class CompletionVerb
{
    /// <summary>By shell. Each asks the program itself, so a new verb needs no new script.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # Completion of sojourn for bash. In ~/.bashrc:  eval "$(sojourn completion bash)"
            _sojourn_complete() {
                local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
                COMPREPLY=($(compgen -W "$("$1" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$2"))
            }
            complete -o default -F _sojourn_complete sojourn
            """,
        ["zsh"] = """
            #compdef sojourn
            # Completion of sojourn for zsh. In ~/.zshrc, after compinit:  eval "$(sojourn completion zsh)"
            _sojourn_complete() {
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
                [[ -n "${found[*]}" ]] && compadd -a found || _files
            }
            compdef _sojourn_complete sojourn
            """,
        ["fish"] = """
            # Completion of sojourn for fish:  sojourn completion fish > ~/.config/fish/completions/sojourn.fish
            function __sojourn_complete
                set -l line (commandline -cp)
                sojourn "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c sojourn -a '(__sojourn_complete)'
            """,
    };

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell: bash, zsh or fish" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var verb = new Verb(
            "completion", "Prints a script that has a shell complete this program's verbs and options.",
            "eval \"$(sojourn completion bash)\"",
            "sojourn completion fish > ~/.config/fish/completions/sojourn.fish") { shell };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var script = Scripts[call.Parse.GetRequiredValue(shell)].ReplaceLineEndings("\n") + "\n";
            await call.Terminal.Out.WriteAsync(script.AsMemory(), stop);
            return ExitCodes.Done;
        }
    }
}
