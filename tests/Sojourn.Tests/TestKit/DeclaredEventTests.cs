using Sojourn.Testing;

namespace Sojourn.Tests.TestKit;

/// <summary>A kind that says which events it makes is held to it.</summary>
public sealed class DeclaredEventTests
{
    [Fact]
    public void An_event_that_is_declared_is_made_as_ever() =>
        Rules.Of(new BellKind()).Start(new NewBell()).Send(new Ring()).Events.ShouldBe([new Rang()]);

    [Fact]
    public void An_event_that_is_not_declared_fails_its_command_and_says_what_to_add() =>
        Should.Throw<RuleBrokenException>(() =>
            Rules.Of(new BellKind()).Start(new NewBell()).Send(new Ring(Hard: true)))
            .Message.ShouldContain("add Emits<Cracked>()");

    [Fact]
    public void Two_events_of_one_name_are_refused() =>
        Should.Throw<SojournException>(() => Rules.Of(new EchoKind()))
            .Message.ShouldContain("two of its events are named 'rang'");

    private sealed record Bell(bool IsCracked = false);

    private sealed record NewBell : IStart<Bell>;

    private sealed record Ring(bool Hard = false) : ICommand;

    private sealed record Rang;

    private sealed record Cracked;

    private sealed class BellKind : Kind<Bell>
    {
        public BellKind()
            : base("bell")
        {
            Emits<Rang>();
            Start<NewBell>((start, context) => Go(new Bell()));
            On<Ring>((bell, ring, context) =>
                ring.Hard ? Go(new Bell(IsCracked: true)).Event(new Cracked()) : Go(bell).Event(new Rang()));
        }
    }

    private sealed class EchoKind : Kind<Bell>
    {
        public EchoKind()
            : base("echo")
        {
            Emits<Rang>();
            Emits<Again.Rang>();
            Start<NewBell>((start, context) => Go(new Bell()));
        }
    }

    private static class Again
    {
        public sealed record Rang;
    }
}
