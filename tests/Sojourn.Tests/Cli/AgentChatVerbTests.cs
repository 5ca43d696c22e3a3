using System.IO.Pipelines;
using System.Text;
using Sojourn.Cli;
using Sojourn.Tests.Agents;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>`sojourn attach` and `sojourn prompt`, with an agent that does what its prompts say.</summary>
public sealed class AgentChatVerbTests : IDisposable
{
    private readonly ScratchDirectory _memory = new();

    public void Dispose() => _memory.Dispose();

    [ProgramFact]
    public async Task Who_waits_for_a_prompt_sees_all_of_it_and_only_that_and_learns_how_it_ended()
    {
        await using var server = await StartAsync();
        await server.Client.GetOrCreateAsync("agent", "pair", new { profile = "claude", prompt = "say long ago" });
        await server.Client.AgentTellsAsync("pair", "turn-ended");

        var fast = await PromptAsync(server, "say hello");
        fast.ExitCode.ShouldBe(ExitCodes.Done, fast.Error);
        fast.Out.ShouldContain("say hello\nhello\n");
        fast.Out.ShouldNotContain("long ago");
        var failed = await PromptAsync(server, "fail No credit.");
        failed.ExitCode.ShouldBe(ExitCodes.Failed);
        failed.Out.ShouldContain("The turn ended: failed.");
        (await PromptAsync(server, "crash")).ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [ProgramFact]
    public async Task A_prompt_for_what_cannot_be_started_ends_and_says_so()
    {
        await using var server = await StartAsync("exit");
        await server.Client.GetOrCreateAsync("agent", "pair", new { profile = "claude" });
        await server.WaitForAsync("pair", "failed");

        var run = await PromptAsync(server, "say hello");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Out.ShouldContain("It is failed now.");
    }

    [ProgramFact]
    public async Task A_question_is_answered_by_number_or_in_ones_own_words()
    {
        await using var server = await StartAsync();
        await server.Client.GetOrCreateAsync("agent", "pair", new { profile = "claude", prompt = "question Which?" });
        using var ada = new Talk(server, "ada");
        await ada.SeesAsync("or your own words");
        await ada.TypeAsync("2");
        await ada.SeesAsync("ada answered: allow");

        await ada.TypeAsync("question And now?");
        await ada.SeesAsync("And now?", "or your own words");
        await ada.TypeAsync("green as grass");
        await ada.SeesAsync("ada answered: allow", "green as grass");
        await ada.LeaveAsync();
    }

    [ProgramFact]
    public async Task A_number_that_comes_after_somebody_elses_answer_is_no_prompt()
    {
        await using var server = await StartAsync();
        await server.Client.GetOrCreateAsync("agent", "pair", new { profile = "claude", prompt = "ask rm -r build" });
        using var ada = new Talk(server, "ada");
        using var bob = new Talk(server, "bob");
        await ada.SeesAsync("3  Deny");
        await bob.SeesAsync("3  Deny");
        await ada.TypeAsync("/deny not that");
        await bob.SeesAsync("ada answered: deny");

        await bob.TypeAsync("1");

        await bob.SeesAsync("nothing was sent");
        await server.WaitForAsync("pair", "idle");
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["ask rm -r build"]);
        await bob.LeaveAsync();
        await ada.LeaveAsync();
    }

    private Task<AgentServer> StartAsync(string behaviour = "none") =>
        AgentServer.StartAsync($"[ {FakeAgents.Profile("claude", _memory.Path, behaviour)} ]");

    private static Task<CliRun> PromptAsync(AgentServer server, string text) => CliRun.OfAsync(
        Around(server), "prompt", "pair", text, "--wait");

    private static CliSurroundings Around(
        AgentServer server, StringWriter? output = null, Stream? input = null) => new()
        {
            Server = server.Serve.Url,
            Environment = new() { ["SOJOURN_KEY"] = server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter! },
            Out = output ?? new CapturedText(),
            InputStream = input,
        };

    /// <summary>Somebody who is attached, reads, and types lines.</summary>
    private sealed class Talk : IDisposable
    {
        private readonly Pipe _typed = new();
        private readonly SeenText _seen = new();
        private readonly Task<CliRun> _run;

        public Talk(AgentServer server, string name) => _run = CliRun.OfAsync(
            Around(server, _seen, _typed.Reader.AsStream()), "attach", "pair", "--name", name);

        /// <summary>Completes once all of this is there, in this order, after what was seen before.</summary>
        public async Task SeesAsync(params string[] parts)
        {
            foreach (var part in parts)
                await _seen.WaitForAsync(part);
        }

        public async Task TypeAsync(string line) =>
            await _typed.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

        public async Task LeaveAsync()
        {
            await TypeAsync("/leave");
            (await _run).ExitCode.ShouldBe(ExitCodes.Done);
        }

        public void Dispose() => _typed.Writer.Complete();
    }

    private sealed class SeenText : StringWriter
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _from;

        public override void Flush()
        {
            lock (_gate)
            {
                _more.TrySetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public async Task WaitForAsync(string part)
        {
            using var patience = new CancellationTokenSource(AgentServer.Patience);
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    var text = ToString();
                    var at = text.IndexOf(part, _from, StringComparison.Ordinal);
                    _from = at < 0 ? _from : at + part.Length;
                    if (at >= 0)
                        return;
                    more = _more.Task;
                }

                await more.WaitAsync(patience.Token);
            }
        }
    }
}
