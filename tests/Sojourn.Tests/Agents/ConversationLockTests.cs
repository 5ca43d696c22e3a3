using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>No two programs have one conversation open, whichever servers started them.</summary>
public sealed class ConversationLockTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    [Fact]
    public void Servers_of_one_user_share_their_locks_whatever_their_data_directories_are()
    {
        var (ours, theirs) = (LocksOf("ours"), LocksOf("theirs"));
        using (ours.TryTake(AgentProtocol.Claude, "one").ShouldNotBeNull())
        {
            theirs.TryTake(AgentProtocol.Claude, "one").ShouldBeNull();
            ours.TryTake(AgentProtocol.Claude, "one").ShouldBeNull();
            using var another = theirs.TryTake(AgentProtocol.Claude, "two").ShouldNotBeNull();
            using var ofAnotherSort = theirs.TryTake(AgentProtocol.Acp, "one").ShouldNotBeNull();
        }

        using var free = theirs.TryTake(AgentProtocol.Claude, "one").ShouldNotBeNull();
        Directory.Exists(At("ours")).ShouldBeFalse();
    }

    [Fact]
    public void Where_the_home_cannot_be_written_the_lock_is_in_the_data_directory()
    {
        _scratch.File("home", "");
        using var held = LocksOf("ours").TryTake(AgentProtocol.Acp, "one").ShouldNotBeNull();

        Directory.EnumerateFiles(At("ours")).ShouldHaveSingleItem();
        LocksOf("ours").TryTake(AgentProtocol.Acp, "one").ShouldBeNull();
    }

    [Fact]
    public void What_keeps_it_from_locking_is_not_taken_for_another_program()
    {
        _scratch.File("home", "");
        _scratch.File("ours", "");

        Should.Throw<AgentProgramException>(() => LocksOf("ours").TryTake(AgentProtocol.Acp, "one"))
            .Message.ShouldContain("cannot be found out: ");
    }

    [Fact]
    public void A_program_keeps_all_conversations_that_it_has_told_of()
    {
        var locks = LocksOf("ours");
        using (var held = new HeldConversations(locks, AgentProtocol.Acp))
        {
            held.TryTake("one").ShouldBeTrue();
            held.TryTake("one").ShouldBeTrue();
            held.TryTake("two").ShouldBeTrue();
            using var other = new HeldConversations(locks, AgentProtocol.Acp);
            other.TryTake("one").ShouldBeFalse();
            other.TryTake("two").ShouldBeFalse();
        }

        using var later = new HeldConversations(locks, AgentProtocol.Acp);
        later.TryTake("one").ShouldBeTrue();
    }

    [ProgramTheory]
    [InlineData(AgentProtocol.Claude)]
    [InlineData(AgentProtocol.Acp)]
    public async Task A_new_conversation_is_locked_from_its_first_program_on(AgentProtocol protocol)
    {
        await using var engine = await AgentEngine.StartAsync(protocol);
        await engine.AskAsync("say hello");
        var conversation = (await engine.StateAsync()).Conversation.ShouldNotBeNull();
        var another = new ConversationLocks(ConversationLocks.OfUser ?? At("none"));

        another.TryTake(protocol, conversation).ShouldBeNull();
        await engine.HibernatesAsync();

        // Its driver lets go a little after the log has it.
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        IDisposable? free;
        while ((free = another.TryTake(protocol, conversation)) is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        free.Dispose();
    }

    public void Dispose() => _scratch.Dispose();

    private string At(string name) => Path.Combine(_scratch.Path, name);

    private ConversationLocks LocksOf(string server) => new(Path.Combine(At("home"), "state"), At(server));
}
