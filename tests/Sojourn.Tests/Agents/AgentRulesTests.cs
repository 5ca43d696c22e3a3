using System.Collections.Immutable;
using Sojourn.Kinds.Agents;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents;

public sealed class AgentRulesTests
{
    private static readonly AgentOptions Options = new()
    {
        Profiles =
        [
            new() { Name = "pair", Protocol = AgentProtocol.Claude, Command = "claude" },
            new() { Name = "shell", Protocol = AgentProtocol.Terminal, Command = "/bin/sh" },
            new() { Name = "team", Protocol = AgentProtocol.Acp, Command = "x", Mode = AgentMode.Shared,
                Owners = ["*"] },
        ],
        MaxQueuedPrompts = 3,
    };

    private static RuleBook<Agent> Book => Rules.Of(new AgentKind(Options));

    [Fact]
    public void A_prompt_goes_its_way_once()
    {
        var agent = Idle().Send(new Prompt("Tidy up", "p1", "ada"));
        agent.Reply.ShouldBe(new PromptReply("p1", IsRepeated: false, Before: 0));

        var again = agent.Send(new Prompt("Tidy up", "p1", "ada"));
        again.Reply.ShouldBe(new PromptReply("p1", IsRepeated: true, Before: 0));
        again.State.ShouldBe(agent.State);

        var given = Tell(agent, new AgentNews.HandedOver("p1"));
        given.State.Prompts.Single().State.ShouldBe(PromptState.HandedOver);
        TellRefused(given, new AgentNews.HandedOver("p1")).Code.ShouldBe("no-such-prompt");

        var working = Tell(given, new AgentNews.Acknowledged("p1"), new AgentNews.TurnBegan());
        working.State.Status.ShouldBe(AgentStatus.Running);
        var done = Tell(working, new AgentNews.Said("m", "Done.", IsThought: false), Ended());
        done.State.Status.ShouldBe(AgentStatus.Idle);
        done.State.Prompts.ShouldBeEmpty();
        done.Events.OfType<TurnEnded>().Single().Prompts.ShouldBe(["p1"]);

        // Long after it is done, it still is known.
        done.Send(new Prompt("Tidy up", "p1")).Reply.ShouldBe(new PromptReply("p1", IsRepeated: true, Before: 0));
    }

    [Fact]
    public void So_many_prompts_wait_and_no_more()
    {
        var agent = Idle();
        for (var i = 1; i <= 3; i++)
            agent = agent.Send(new Prompt("Go on", $"p{i}"));

        Refused(agent.Send(new Prompt("Go on", "p4"))).Code.ShouldBe("queue-full");
        agent.Send(new WithdrawPrompt("p2")).Send(new Prompt("Go on", "p4"))
            .State.Prompts.Select(prompt => prompt.Id).ShouldBe(["p1", "p3", "p4"]);
    }

    [Fact]
    public void A_prompt_that_waits_is_known_however_many_came_after_it()
    {
        var options = new AgentOptions { Profiles = Options.Profiles, MaxQueuedPrompts = 260 };
        var agent = Rules.Of(new AgentKind(options)).Start(new StartAgent("pair"));
        for (var i = 1; i <= 260; i++)
            agent = agent.Send(new Prompt("Go on", $"p{i}"));

        agent.Send(new Prompt("Go on", "p1")).Reply.ShouldBe(new PromptReply("p1", IsRepeated: true, Before: 0));
        Refused(agent.Send(new Prompt("Go on", "p261"))).Code.ShouldBe("queue-full");
    }

    [Fact]
    public void What_was_under_way_when_the_program_died_is_cut_and_is_not_done_again_by_itself()
    {
        var agent = Idle();
        agent = Tell(agent.Send(new Prompt("One", "p1")), new AgentNews.HandedOver("p1"), new AgentNews.TurnBegan(),
            new AgentNews.Asked(Ask("a1")));
        agent = agent.Send(new Prompt("Two", "p2"));

        var cut = Tell(agent, new AgentNews.FoundDead("The server was gone."));

        cut.State.Status.ShouldBe(AgentStatus.Interrupted);
        cut.State.Prompts.Select(prompt => (prompt.Id, prompt.State))
            .ShouldBe([("p1", PromptState.Cut), ("p2", PromptState.Queued)]);
        cut.State.Asks.ShouldBeEmpty();
        cut.Events.OfType<AskWithdrawn>().Single().Why.ShouldBe("cut");
        cut.Events.OfType<WorkCut>().Single().Prompts.ShouldBe(["p1"]);
        cut.State.Cut.ShouldNotBeNull().Why.ShouldBe("The server was gone.");

        var again = cut.Send(new RunAgain("p1", "ada"));
        again.State.Status.ShouldBe(AgentStatus.Starting);
        again.State.Run.ShouldBe(2);
        again.State.Prompts[^1].State.ShouldBe(PromptState.Queued);
        again.State.Prompts[^1].Entry.ShouldBe(1);
        again.State.Prompts[^1].Id.ShouldBe(again.Reply!.Id);
    }

    [Fact]
    public void The_first_answer_counts_and_a_later_one_is_told_by_whom()
    {
        var waiting = Tell(Idle(), new AgentNews.TurnBegan(), new AgentNews.Asked(Ask("a1")));
        waiting.State.Status.ShouldBe(AgentStatus.Waiting);
        Refused(waiting.Send(new AnswerAsk("a1", "maybe"))).Code.ShouldBe("unknown-choice");

        var answered = waiting.Send(new AnswerAsk("a1", "allow", By: "ada"));

        answered.State.Status.ShouldBe(AgentStatus.Running);
        answered.State.Replies.Single().Choice.ShouldBe("allow");
        var late = Refused(answered.Send(new AnswerAsk("a1", "deny", By: "bob")));
        late.Code.ShouldBe("already-answered");
        late.Message.ShouldContain("ada");
        Tell(answered, new AgentNews.Replied("a1")).State.Replies.ShouldBeEmpty();
    }

    [Fact]
    public void Only_what_has_nothing_to_do_hibernates_and_the_next_prompt_wakes_it()
    {
        var idle = Idle();
        Refused(idle.Send(new Prompt("One", "p1")).Send(new Hibernate())).Code.ShouldBe("busy");
        Refused(Tell(idle, new AgentNews.TurnBegan()).Send(new Hibernate())).Code.ShouldBe("busy");
        Refused(Tell(idle, new AgentNews.BackgroundChanged(1)).Send(new Hibernate())).Code.ShouldBe("busy");
        TellRefused(Tell(idle, new AgentNews.BackgroundChanged(1)), new AgentNews.Quiet()).Code.ShouldBe("busy");

        var stopping = Tell(idle, new AgentNews.Quiet());
        stopping.State.Status.ShouldBe(AgentStatus.Stopping);
        // Asked in the last moment: it is not lost.
        var asked = stopping.Send(new Prompt("Wait!", "p2"));
        var asleep = Tell(asked, new AgentNews.Exited(0, null));
        asleep.State.Status.ShouldBe(AgentStatus.Starting, "a prompt waits");

        Tell(stopping, new AgentNews.Exited(0, null)).State.Status.ShouldBe(AgentStatus.Hibernated);
        Tell(stopping, new AgentNews.Exited(0, null)).Send(new Prompt("Morning", "p3"))
            .State.Status.ShouldBe(AgentStatus.Starting);
    }

    [Fact]
    public void A_program_that_ends_before_it_can_be_spoken_with_has_failed()
    {
        var started = Tell(Begun(), new AgentNews.Started(7, 1));

        var failed = Tell(started, new AgentNews.Exited(127, null));

        failed.State.Status.ShouldBe(AgentStatus.Failed);
        failed.State.Error.ShouldNotBeNull().ShouldContain("127");
        failed.Send(new Prompt("Again", "p")).State.Status.ShouldBe(AgentStatus.Starting);
    }

    [Fact]
    public void A_program_that_cannot_be_spoken_with_has_failed_and_one_that_the_server_took_along_has_not()
    {
        var started = Tell(Begun(), new AgentNews.Started(7, 1));

        Tell(started, new AgentNews.Exited(0, null, "It does not speak it.", ExitCause.Fault)).State.Status
            .ShouldBe(AgentStatus.Failed);
        Tell(started, new AgentNews.Exited(0, null, "The server was stopped.", ExitCause.Server)).State.Status
            .ShouldBe(AgentStatus.Hibernated);
    }

    [Fact]
    public void What_waited_when_the_server_died_and_nothing_was_cut_is_begun_by_itself()
    {
        var started = Tell(Begun(), new AgentNews.Started(7, 1)).Send(new Prompt("One", "p1"));

        var again = Tell(started, new AgentNews.FoundDead("The server was gone."));

        again.State.Status.ShouldBe(AgentStatus.Starting);
        again.State.Run.ShouldBe(2);
        again.State.Prompts.Single().State.ShouldBe(PromptState.Queued);
        Tell(Idle(), new AgentNews.FoundDead("The server was gone.")).State.Status.ShouldBe(AgentStatus.Hibernated);
    }

    [Fact]
    public void Stopped_is_ended_and_resumed_goes_on_with_its_conversation()
    {
        var ended = Tell(Idle().Send(new Stop()), new AgentNews.Exited(0, null));
        ended.State.Status.ShouldBe(AgentStatus.Ended);
        Refused(ended.Send(new Prompt("Go on", "p"))).Code.ShouldBe("ended");

        var resumed = ended.Send(new Resume());

        resumed.State.Status.ShouldBe(AgentStatus.Starting);
        resumed.State.Conversation.ShouldBe("c1");
        TellRefused(resumed, run: 1, new AgentNews.Ready()).Code.ShouldBe("stale-run");
    }

    [Fact]
    public void One_client_decides_a_terminals_size_until_another_takes_over()
    {
        var shell = Tell(Book.Start(new StartAgent("shell")), new AgentNews.Started(7, 1), new AgentNews.Ready());
        shell = shell.Send(new Resize(100, 30, "ada"));

        Refused(shell.Send(new Resize(80, 24, "bob"))).Code.ShouldBe("size-owned");
        var taken = shell.Send(new Resize(80, 24, "bob", TakeOver: true));

        taken.State.Size.ShouldBe(new TerminalSize(80, 24));
        taken.Events.OfType<Resized>().Single().By.ShouldBe("bob");
        taken.Send(new Resize(80, 24, "bob")).State.ShouldBe(taken.State, "nothing has changed");
        taken.Send(new Resize(9, 9, null, TakeOver: true) { OnlyFrom = "ada" }).State.ShouldBe(
            taken.State, "who is not its owner any more has nothing to give up");
        taken.Send(new Resize(80, 24, null, TakeOver: true) { OnlyFrom = "bob" }).State.SizeOwner.ShouldBeNull();
        Tell(taken, new AgentNews.Exited(0, null)).State.SizeOwner.ShouldBeNull("whoever had it may never come back");
        shell.Send(new Resize(500, 1, "ada")).State.Size.ShouldBe(new TerminalSize(500, 1));
        Refused(shell.Send(new Resize(501, 24, "ada"))).Field.ShouldBe("columns");
        Refused(shell.Send(new Resize(80, 0, "ada"))).Field.ShouldBe("rows");
        Refused(shell.Send(new Prompt("ls"))).Code.ShouldBe("terminal");
    }

    [Theory]
    [InlineData("nope", null, "profile", "unknown-profile")]
    [InlineData("pair", "../etc", "directory", "out-of-range")]
    [InlineData("pair", "/etc", "directory", "out-of-range")]
    [InlineData("pair", "a//b", "directory", "out-of-range")]
    public void What_cannot_begin_is_refused(string profile, string? directory, string field, string code)
    {
        var no = Book.Start(new StartAgent(profile, Directory: directory)).Refusal.ShouldNotBeNull();

        (no.Field, no.Code).ShouldBe((field, code));
    }

    [Fact]
    public void Profiles_are_for_their_owners_alone()
    {
        OwnerId.TryParseTenant("bob", out var bob).ShouldBeTrue();
        SessionId.TryParse("team", out var team).ShouldBeTrue();

        Book.Named(Id("a"), bob).Start(new StartAgent("pair")).Refusal!.Code.ShouldBe("unknown-profile");
        Book.Named(Id("a"), bob).Start(new StartAgent("pair")).Refusal!.Message.ShouldNotContain("pair");
        Book.Named(team, bob).Start(new StartAgent("team")).State.Profile.ShouldBe("team");
        Book.Named(Id("a"), bob).Start(new StartAgent("team")).Refusal!.Code.ShouldBe("shared");
    }

    [Theory]
    [InlineData("0:0", true)]
    [InlineData("0:end", true)]
    [InlineData("0:N", true)]
    [InlineData("2:5", true)]
    [InlineData("5:2", false)]
    [InlineData("0:6", false)]
    [InlineData("x", false)]
    public void A_document_is_changed_where_its_address_says(string address, bool isGood)
    {
        var prompt = new Prompt("Shorter", "p", Context: new DocumentContext("Hello", Address: address));

        (Idle().Send(prompt).Refusal is null).ShouldBe(isGood);
    }

    [Fact]
    public void The_answer_about_a_document_is_read()
    {
        Decided<Agent> agent = Idle().Send(
            new Prompt("Shorter", "p", Context: new DocumentContext("Hello", Address: "0:end")));
        agent = Tell(agent, new AgentNews.HandedOver("p"), new AgentNews.Acknowledged("p"), new AgentNews.TurnBegan());

        var done = Tell(agent, Ended() with
        {
            LastText = """
                Here it is:
                ```json
                {"conversationMessage": "Shortened.", "documentUpdate": "Hi", "updateRange": "0:5"}
                ```
                """,
        });

        done.Events.OfType<DocumentReplied>().Single().ShouldBe(new DocumentReplied("p", "Shortened.", "Hi", "0:5"));
    }

    [Theory]
    [InlineData("""{"conversationMessage":"half \ud83d","documentUpdate":"x","updateRange":"0:5"}""", "half \ufffd")]
    [InlineData("""{"conversationMessage":"whole","\ud83d":1,"documentUpdate":"x","updateRange":"0:5"}""", "whole")]
    public void Half_a_character_in_the_answer_about_a_document_costs_nothing_else(string answer, string message)
    {
        Decided<Agent> agent = Idle().Send(
            new Prompt("Shorter", "p", Context: new DocumentContext("Hello", Address: "0:end")));
        agent = Tell(agent, new AgentNews.HandedOver("p"), new AgentNews.Acknowledged("p"), new AgentNews.TurnBegan());

        Tell(agent, Ended() with { LastText = answer }).Events.OfType<DocumentReplied>().Single()
            .ShouldBe(new DocumentReplied("p", message, "x", "0:5"));
    }

    [Fact]
    public void What_was_cut_says_when_the_program_was_last_seen_and_not_when_it_was_found_dead()
    {
        var begin = DateTimeOffset.UnixEpoch.AddYears(60);
        var working = Tell(Idle().At(begin), new AgentNews.TurnBegan());
        var later = working.At(begin.AddHours(8));

        Tell(later, new AgentNews.FoundDead("The server was gone.")).State.Cut.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                cut => cut.LastSeen.ShouldBe(begin), cut => cut.At.ShouldBe(begin.AddHours(8)));
        Tell(later, new AgentNews.Noticed(NoticeKind.Stop, "SIGTERM is sent."), new AgentNews.Exited(null, 15))
            .Events.OfType<WorkCut>().Single().LastSeen.ShouldBe(begin);
        Tell(later, new AgentNews.Said("m", "Alive", IsThought: false)).State.SeenAt.ShouldBe(begin.AddHours(8));
    }

    [Fact]
    public void An_agent_may_ask_again_by_the_same_name()
    {
        var asked = Tell(Idle(), new AgentNews.TurnBegan(), new AgentNews.Asked(Ask("a1")))
            .Send(new AnswerAsk("a1", "allow"));
        // It has the answer, and asks again before that is told.
        var again = Tell(asked, new AgentNews.Asked(Ask("a1"))).Send(new AnswerAsk("a1", "deny"));

        Tell(again, new AgentNews.Replied("a1")).State.Replies.ShouldHaveSingleItem().Choice.ShouldBe("deny");
    }

    [Fact]
    public void A_prompt_that_is_handed_over_can_be_interrupted_before_it_is_taken_up()
    {
        Refused(Idle().Send(new Interrupt())).Code.ShouldBe("idle");
        var given = Tell(Idle().Send(new Prompt("One", "p1")), new AgentNews.HandedOver("p1"));
        given.State.Status.ShouldBe(AgentStatus.Running);

        given.Send(new Interrupt()).State.Interruptions.ShouldBe(1);
    }

    [Fact]
    public void What_waits_behind_a_cut_prompt_is_begun_once_that_is_decided()
    {
        Decided<Agent> both = Idle().Send(new Prompt("One", "p1")).Send(new Prompt("Two", "p2"));
        var cut = Tell(Tell(both, new AgentNews.HandedOver("p1")), new AgentNews.Exited(1, null));
        cut.State.Status.ShouldBe(AgentStatus.Interrupted);
        cut.Send(new Prompt("Two", "p2")).State.ShouldBe(cut.State, "somebody has to decide about the first");

        var decided = cut.Send(new WithdrawPrompt("p1"));

        decided.State.Status.ShouldBe(AgentStatus.Starting);
        decided.State.Prompts.Single().Id.ShouldBe("p2");
        cut.Send(new WithdrawPrompt("p2")).Send(new WithdrawPrompt("p1")).State.Status
            .ShouldBe(AgentStatus.Interrupted, "nothing waits");
    }

    [Fact]
    public void A_prompt_that_its_program_left_waiting_is_begun_when_it_is_sent_again()
    {
        var asleep = Tell(Idle().Send(new Prompt("One", "p1")), new AgentNews.Exited(0, null));
        asleep.State.Status.ShouldBe(AgentStatus.Hibernated);

        var again = asleep.Send(new Prompt("One", "p1"));

        again.Reply.IsRepeated.ShouldBeTrue();
        again.State.Status.ShouldBe(AgentStatus.Starting);
        again.State.Prompts.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_was_to_hibernate_and_has_left_something_running_goes_on()
    {
        var kept = Tell(Idle().Send(new Hibernate()).Send(new Prompt("Wait!", "p")), new AgentNews.Kept("sleep lives"));
        (kept.State.Status, kept.State.StopFor).ShouldBe((AgentStatus.Idle, null));
        Tell(kept, new AgentNews.HandedOver("p")).State.Status.ShouldBe(AgentStatus.Running);

        TellRefused(Idle().Send(new Hibernate()).Send(new Stop()), new AgentNews.Kept("x")).Code.ShouldBe("stopping");
        TellRefused(Idle().Send(new Prompt("One", "p")).Send(new Stop()), new AgentNews.HandedOver("p")).Code
            .ShouldBe("stopping");
    }

    [Fact]
    public void A_conversation_with_too_long_a_name_is_not_kept()
    {
        var begun = Tell(Begun(), new AgentNews.Started(7, 1));
        Tell(begun, new AgentNews.Ready(new string('c', 256))).State.Conversation!.Length.ShouldBe(256);

        var nameless = Tell(begun, new AgentNews.Ready(new string('c', 257)));

        (nameless.State.Status, nameless.State.Conversation).ShouldBe((AgentStatus.Idle, null));
        nameless.Events.OfType<Noticed>().ShouldHaveSingleItem().Text.ShouldContain("256");
    }

    private static Refusal Refused(Decided<Agent> decided) => decided.Refusal.ShouldNotBeNull();

    private static SessionId Id(string text) => SessionId.TryParse(text, out var id) ? id : default;

    private static Decided<Agent> Begun() => Book.Start(new StartAgent("pair"));

    private static Decided<Agent> Idle() =>
        Tell(Begun(), new AgentNews.Started(7, 1), new AgentNews.Ready("c1"));

    private static AgentNews.TurnEnded Ended() => new(TurnOutcome.Completed, null, new TurnUsage(1, 2));

    private static Ask Ask(string id) => new(
        id, "Bash", "Run rm -rf", "{}", [new("allow", "Allow", true), new("deny", "Deny", false)], default);

    private static Decided<Agent> Tell(Decided<Agent> agent, params ImmutableArray<AgentNews> news) =>
        agent.Send(new ReportNews(agent.State.Run, news));

    private static Refusal TellRefused(Decided<Agent> agent, params ImmutableArray<AgentNews> news) =>
        TellRefused(agent, agent.State.Run, news);

    private static Refusal TellRefused(Decided<Agent> agent, int run, params ImmutableArray<AgentNews> news) =>
        Refused(agent.Send(new ReportNews(run, news)));
}
