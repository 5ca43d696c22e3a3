using System.Collections.Immutable;
using Sojourn.Kinds.Agents;

namespace Sojourn.Tests.Agents.Claude;

/// <summary>Claude Code's protocol against a real process that speaks it.</summary>
public sealed class ClaudeSpeechTests
{
    [ProgramFact]
    public async Task A_prompt_is_in_the_log_before_the_agent_has_it_and_its_answer_comes_in_pieces_and_whole()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();

        var ended = await agent.AskAsync("say Hello, world");

        ended.Outcome.ShouldBe(TurnOutcome.Completed);
        ended.Usage.ShouldBe(new TurnUsage(15, 7, 0.25m));
        var names = agent.Events.Select(each => each.GetType()).ToList();
        Type[] order = [typeof(PromptHandedOver), typeof(PromptAcknowledged), typeof(TurnBegan), typeof(TextDelta),
            typeof(TextWritten), typeof(TurnEnded)];
        order.Select(each => names.IndexOf(each)).ShouldBeInOrder();
        var whole = agent.Events.OfType<TextWritten>().ShouldHaveSingleItem();
        whole.Text.ShouldBe("Hello, world");
        var pieces = agent.Events.OfType<TextDelta>().ToList();
        string.Concat(pieces.Select(each => each.Text)).ShouldBe(whole.Text);
        pieces.ShouldAllBe(each => each.Message == whole.Message && !each.IsThought);
        agent.Received.ShouldHaveSingleItem()["text"]!.ToString().ShouldBe("say Hello, world");
        agent.State.Conversation.ShouldNotBeNull();
    }

    [ProgramFact]
    public async Task Thoughts_and_words_of_one_message_are_told_apart()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("think forty-two");

        var texts = agent.Events.OfType<TextWritten>().ToList();
        texts.Select(each => (each.Text, each.IsThought)).ShouldBe([("Hm, forty-two", true), ("forty-two", false)]);
        texts[0].Message.ShouldNotBe(texts[1].Message);
        agent.Events.OfType<TextDelta>().Select(each => (each.Message, each.IsThought)).Distinct()
            .ShouldBe(texts.Select(each => (each.Message, each.IsThought)));
    }

    [ProgramFact]
    public async Task A_tool_is_shown_from_its_parameters_to_its_result()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("tool ls -l");

        var uses = agent.Events.OfType<ToolUsed>().ToList();
        uses[0].ShouldBe(new ToolUsed("toolu_1", "Bash", "Bash: ls -l", "in_progress", """{"command":"ls -l"}"""));
        uses[1].ShouldBe(new ToolUsed("toolu_1", null, null, "completed", "ran ls -l"));
    }

    [ProgramFact]
    public async Task What_a_sub_agent_says_is_a_detail_of_its_tool_and_no_word_of_the_agent()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("subagent I found nothing");

        agent.Events.OfType<ToolUsed>().ShouldContain(new ToolUsed("toolu_2", null, null, null, "I found nothing"));
        agent.Texts.ShouldBe(["the sub-agent is done"]);
    }

    [ProgramTheory]
    [InlineData("allow", "allowed rm it once")]
    [InlineData("allow-always", "allowed rm it for ever")]
    [InlineData("deny", "denied: not today")]
    public async Task A_permission_waits_for_somebodys_answer(string choice, string says)
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("ask rm it", "p"));

        var ask = (await agent.UntilAsync<AskOpened>()).Ask;
        ask.Title.ShouldBe("Bash: rm it");
        ask.Choices.Select(each => each.Id).ShouldBe(["allow", "allow-always", "deny"]);
        agent.State.Status.ShouldBe(AgentStatus.Waiting);

        agent.Send(new AnswerAsk(ask.Id, choice, "not today"));
        await agent.UntilAsync<TurnEnded>();
        agent.Texts.ShouldBe([says]);
        agent.State.Replies.ShouldBeEmpty();
        agent.Events.OfType<AskWithdrawn>().ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task A_question_is_answered_in_somebodys_own_words()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("question Which colour?"));

        var ask = (await agent.UntilAsync<AskOpened>()).Ask;
        var question = ask.Questions.ShouldHaveSingleItem();
        question.Text.ShouldBe("Which colour?");
        question.Options.ShouldBe(["red", "blue"]);

        agent.Send(new AnswerAsk(ask.Id, "allow",
            Answers: ImmutableDictionary<string, string>.Empty.Add("Which colour?", "green")));
        await agent.UntilAsync<TurnEnded>();
        agent.Texts.ShouldBe(["answered green"]);
    }

    [ProgramFact]
    public async Task A_permission_that_the_agent_takes_back_is_open_no_more()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("withdraw rm it");

        agent.Events.OfType<AskOpened>().Single().Ask.Id.ShouldBe(agent.Events.OfType<AskWithdrawn>().Single().Ask);
        agent.State.Asks.ShouldBeEmpty();
        agent.Texts.ShouldBe(["withdrawn"]);
    }

    [ProgramFact]
    public async Task An_interruption_ends_the_turn_and_the_program_goes_on()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("wait"));
        await agent.UntilAsync<TextWritten>();

        agent.Send(new Interrupt());
        (await agent.UntilAsync<TurnEnded>()).Outcome.ShouldBe(TurnOutcome.Interrupted);
        (await agent.AskAsync("say more")).Outcome.ShouldBe(TurnOutcome.Completed);
        agent.Texts.ShouldBe(["waiting", "more"]);
    }

    [ProgramFact]
    public async Task An_interruption_before_a_stop_waits_for_the_turns_end()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("ask rm it"));
        await agent.UntilAsync<AskOpened>();

        (await agent.Program.TryInterruptAsync(agent.Link, default)).ShouldBeTrue();
        (await agent.UntilAsync<TurnEnded>()).Outcome.ShouldBe(TurnOutcome.Interrupted);
        agent.State.Asks.ShouldBeEmpty();
        await agent.CloseAsync();
        agent.State.Exit!.Code.ShouldBe(0);
    }

    [ProgramFact]
    public async Task Prompts_that_wait_are_given_one_after_another_and_can_be_taken_back()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        agent.Send(new Prompt("wait", "first"));
        await agent.UntilAsync<TextWritten>();
        agent.Send(new Prompt("say two", "second"));
        agent.Send(new Prompt("say three", "third"));
        agent.Send(new WithdrawPrompt("second"));

        agent.Send(new Interrupt());
        await agent.UntilAsync<TurnEnded>(ended => ended.Prompts.Contains("third"));
        agent.Texts.ShouldBe(["waiting", "three"]);
        agent.Received.Select(each => each["text"]!.ToString()).ShouldBe(["wait", "say three"]);
    }

    [ProgramFact]
    public async Task Work_in_the_background_is_counted_and_begins_a_turn_by_itself()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        (await agent.AskAsync("background the build")).Turn.ShouldBe(1);
        await agent.UntilAsync<StatusChanged>(changed => changed.To == AgentStatus.Background);
        agent.Tell("finish");

        var second = await agent.UntilAsync<TurnEnded>(ended => ended.Turn == 2);
        second.Prompts.ShouldBeEmpty();
        agent.Events.OfType<BackgroundChanged>().Select(each => each.Tasks).ShouldBe([1, 0]);
        agent.Events.OfType<Noticed>().Select(each => each.Text).ShouldContain("the build is done");
        agent.Texts.ShouldBe(["it goes on behind", "it is done"]);
        agent.State.Status.ShouldBe(AgentStatus.Idle);
    }

    [ProgramTheory]
    [InlineData("fail Not logged in", TurnOutcome.Failed, "Not logged in")]
    [InlineData("limit Too many turns", TurnOutcome.Limited, "Too many turns")]
    public async Task A_turn_that_went_wrong_says_how(string prompt, TurnOutcome outcome, string error)
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        var ended = await agent.AskAsync(prompt);
        ended.Outcome.ShouldBe(outcome);
        ended.Error.ShouldBe(error);
    }

    [ProgramFact]
    public async Task A_service_that_does_not_answer_is_no_secret()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("retry");
        agent.Events.OfType<Noticed>().Select(each => each.Text).ShouldBe(
            ["The model's service answers 529 (overloaded): try 2 of 10 in 1.5 s.", "Status: compacting."]);
    }

    [ProgramFact]
    public async Task What_was_shown_of_an_answer_that_broke_off_is_replaced_by_the_whole_one()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync("cut a whole sentence");
        var whole = agent.Events.OfType<TextWritten>().ShouldHaveSingleItem();
        whole.Text.ShouldBe("a whole sentence");
        agent.Events.OfType<TextDelta>().ShouldAllBe(piece => piece.Message == whole.Message);
    }

    [ProgramTheory]
    [InlineData("stateless")]
    [InlineData("no-echo")]
    public async Task Versions_that_say_less_are_understood(string behaviour)
    {
        await using var agent = await SpokenAgent.Claude(behaviour).ReadyAsync();
        (await agent.AskAsync("say one")).Outcome.ShouldBe(TurnOutcome.Completed);
        (await agent.AskAsync("say two")).Outcome.ShouldBe(TurnOutcome.Completed);
        agent.State.Prompts.ShouldBeEmpty();
        agent.State.Turns.ShouldBe(2);
        agent.State.Usage.CostUsd.ShouldBe(0.5m);
    }

    [ProgramFact]
    public async Task A_prompt_about_a_document_is_answered_with_what_is_to_change()
    {
        await using var agent = await SpokenAgent.Claude().ReadyAsync();
        await agent.AskAsync(
            """say {"conversationMessage":"Shorter now.","documentUpdate":"Hi","updateRange":"0:5"}""",
            new DocumentContext("Hello, world", "Hello", "0:5"));

        var reply = agent.Events.OfType<DocumentReplied>().ShouldHaveSingleItem();
        (reply.Message, reply.Update, reply.Range).ShouldBe(("Shorter now.", "Hi", "0:5"));
        agent.Received[0]["text"]!.ToString().ShouldContain("Hello, world");
    }
}
