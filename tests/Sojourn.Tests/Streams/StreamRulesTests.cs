using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Streams;
using Sojourn.Testing;

namespace Sojourn.Tests.Streams;

/// <summary>What streams and their producers may do, and when they end.</summary>
public sealed class StreamRulesTests
{
    private static readonly RuleBook<DurableStream> Book = Rules.Of(new StreamKind(new StreamOptions()));

    private static readonly Decided<DurableStream> Fresh = Book.Start(new CreateStream("a", "text/plain"));

    [Theory]
    [InlineData(0, 0, AppendOutcome.StaleEpoch)]
    [InlineData(1, 0, AppendOutcome.Duplicate)]
    [InlineData(1, 1, AppendOutcome.Duplicate)]
    [InlineData(1, 2, AppendOutcome.Appended)]
    [InlineData(1, 3, AppendOutcome.Gap)]
    [InlineData(2, 0, AppendOutcome.Appended)]
    [InlineData(2, 1, AppendOutcome.EpochNotAtZero)]
    public void A_producers_append_is_taken_once_and_in_order(long epoch, long seq, AppendOutcome outcome)
    {
        var known = Send(Send(Fresh, "p", 1, 0), "p", 1, 1);
        var next = Send(known, "p", epoch, seq);
        next.Reply.Outcome.ShouldBe(outcome);
        next.Entries.Count.ShouldBe(outcome == AppendOutcome.Appended ? 1 : 0);
        next.IsChange.ShouldBe(outcome == AppendOutcome.Appended);
        next.State.Last.ShouldBe(outcome == AppendOutcome.Appended ? 3 : 2);
    }

    [Fact]
    public void A_new_producer_begins_with_0() =>
        Send(Fresh, "p", 0, 1).Reply.Outcome.ShouldBe(AppendOutcome.Gap);

    [Fact]
    public void A_hundred_producers_are_remembered_however_long_they_are_silent_and_more_for_a_day()
    {
        var few = Producers(100);
        few.After(TimeSpan.FromDays(365)).State.Producers.Count.ShouldBe(100);
        Send(few.After(TimeSpan.FromDays(365)), "p0", 0, 0).Reply.Outcome.ShouldBe(AppendOutcome.Duplicate);
        Send(Producers(99).After(TimeSpan.FromDays(365)), "new", 0, 0).State.Producers.Count.ShouldBe(100);

        var day = few.After(TimeSpan.FromDays(1));
        Send(day, "new", 0, 0).State.Producers.Count.ShouldBe(101);
        var later = Send(day, "p7", 0, 1).After(TimeSpan.FromTicks(1));
        Send(later, "new", 0, 0).State.Producers.Keys.Order().ShouldBe(["new", "p7"]);
    }

    [Fact]
    public void A_thousand_producers_are_remembered_and_one_more_only_when_some_were_silent_for_a_day()
    {
        var full = Producers(1_000);
        Send(full, "new", 0, 0).Reply.Outcome.ShouldBe(AppendOutcome.TooManyProducers);
        Send(full, "p0", 0, 1).Reply.Outcome.ShouldBe(AppendOutcome.Appended);
        Send(full.After(TimeSpan.FromDays(1)), "new", 0, 0).Reply.Outcome.ShouldBe(AppendOutcome.TooManyProducers);

        var later = Send(Send(full, "p0", 0, 1).After(TimeSpan.FromDays(1)), "p1", 0, 1).After(TimeSpan.FromTicks(1));
        var taken = Send(later, "new", 0, 0);
        taken.Reply.Outcome.ShouldBe(AppendOutcome.Appended);
        taken.State.Producers.Keys.Order().ShouldBe(["new", "p1"]);
    }

    [Fact]
    public void Producers_are_after_a_restart_what_they_were_before()
    {
        var stream = Send(Send(Send(Fresh, "a \"b\"\n\u00e9", 7, 0), "p", 0, 0), "p", 0, 1).State;
        var stored = JsonSerializer.SerializeToUtf8Bytes(stream, SojournJson.Stored);
        var restored = JsonSerializer.Deserialize<DurableStream>(stored, SojournJson.Stored)!;
        restored.Producers.OrderBy(each => each.Key).ShouldBe(stream.Producers.OrderBy(each => each.Key));
        restored.Producers["p"].Seq.ShouldBe(1);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"p\":1}")]
    [InlineData("{\"p\":[1,2]}")]
    [InlineData("{\"p\":[1,2,\"3\"]}")]
    [InlineData("{\"p\":[1,2,3,4]}")]
    public void Producers_that_cannot_be_read_are_not_taken_for_others(string producers)
    {
        var stored = JsonSerializer.SerializeToNode(Fresh.State, SojournJson.Stored)!;
        stored["producers"] = JsonNode.Parse(producers);
        Should.Throw<JsonException>(() => stored.Deserialize<DurableStream>(SojournJson.Stored));
    }

    [Fact]
    public void A_closed_stream_takes_nothing_and_tells_who_closed_it_that_it_is_done()
    {
        var last = new AppendToStream([Text("end")])
        {
            ContentType = "text/plain",
            Stamp = new("p", 0, 0),
            Close = true,
        };
        var closed = Fresh.Send(last);
        closed.Status.ShouldBe("closed");
        closed.Send(last).Reply.Outcome.ShouldBe(AppendOutcome.Duplicate);
        closed.Send(last with { Stamp = new("p", 0, 1) }).Reply.Outcome.ShouldBe(AppendOutcome.Closed);
        closed.Send(last with { Stamp = null }).Reply.Outcome.ShouldBe(AppendOutcome.Closed);
        closed.Send(new AppendToStream([]) { Close = true }).Reply.Outcome.ShouldBe(AppendOutcome.Duplicate);
    }

    [Fact]
    public void A_producer_that_asks_again_after_the_end_is_told_what_became_of_its_append()
    {
        var written = Send(Send(Fresh, "p", 1, 0), "p", 1, 1);
        var closed = written.Send(new AppendToStream([]) { Close = true });
        Send(closed, "p", 1, 0).Reply.Outcome.ShouldBe(AppendOutcome.Duplicate);
        var again = Send(closed, "p", 1, 1);
        (again.Reply.Outcome, again.IsChange, again.Reply.Producer!.Seq).ShouldBe((AppendOutcome.Duplicate, false, 1));
        Send(closed, "p", 0, 7).Reply.Outcome.ShouldBe(AppendOutcome.StaleEpoch);
        foreach (var (id, epoch, seq) in ((string, long, long)[])[("p", 1, 2), ("p", 1, 3), ("p", 2, 0), ("q", 0, 0)])
        {
            Send(closed, id, epoch, seq).Reply.Outcome.ShouldBe(AppendOutcome.Closed);
        }
    }

    [Fact]
    public void A_stream_that_is_not_used_expires_and_reading_prolongs_it_in_tenths()
    {
        var stream = Book.Start(new CreateStream("a", "text/plain") { TtlSeconds = 100 });
        stream.After(TimeSpan.FromSeconds(9.9)).Send(new UseStream()).IsChange.ShouldBeFalse();
        var read = stream.After(TimeSpan.FromSeconds(10)).Send(new UseStream());
        read.IsChange.ShouldBeTrue();
        read.After(TimeSpan.FromSeconds(99)).Status.ShouldBe("open");
        read.After(TimeSpan.FromSeconds(100)).Status.ShouldBe("ended");
        read.After(TimeSpan.FromSeconds(101)).IsExpired.ShouldBeTrue();
    }

    [Fact]
    public void A_time_to_end_stands_whether_the_stream_is_used_or_not()
    {
        var stream = Book.Start(
            new CreateStream("a", "text/plain") { ExpiresAt = Fresh.Now + TimeSpan.FromSeconds(10) });
        var used = stream.After(TimeSpan.FromSeconds(9)).Send(new UseStream());
        used.IsChange.ShouldBeFalse();
        used.After(TimeSpan.FromSeconds(1)).Status.ShouldBe("ended");
    }

    [Fact]
    public void A_stream_that_is_deleted_or_expires_stays_for_its_forks_and_goes_with_the_last()
    {
        var stream = Book.Start(new CreateStream("a", "text/plain") { TtlSeconds = 100 });
        var life = stream.State.Life;
        Decided<DurableStream> forked = stream.Send(new NoteFork(life, "f")).Send(new NoteFork(life, "g"));
        Decided<DurableStream>[] gone =
            [forked.Send(new DeleteStream()), forked.After(TimeSpan.FromSeconds(100))];
        foreach (var deleted in gone)
        {
            deleted.Status.ShouldBe("deleted");
            deleted.Send(new NoteFork(life, "h")).Refusal!.Code.ShouldBe("stream-deleted");
            deleted.Send(Append()).Reply.Outcome.ShouldBe(AppendOutcome.Deleted);
            var one = deleted.Send(new DropForks(life, ["f"]));
            one.Status.ShouldBe("deleted");
            one.Send(new DropForks(life, ["g"])).Status.ShouldBe("ended");
        }
    }

    [Fact]
    public void A_note_of_another_life_is_refused()
    {
        var other = Fresh.State.Life - TimeSpan.FromTicks(1);
        Fresh.Send(new NoteFork(other, "f")).Refusal!.Code.ShouldBe("stream-gone");
    }

    [Fact]
    public void The_most_forks_are_noted_and_one_more_is_not()
    {
        Decided<DurableStream> stream = Fresh;
        for (var i = 0; i < StreamKind.MostForks; i++)
            stream = stream.Send(new NoteFork(Fresh.State.Life, $"f{i}"));
        stream.Send(new NoteFork(Fresh.State.Life, "f0")).IsAccepted.ShouldBeTrue();
        stream.Send(new NoteFork(Fresh.State.Life, "new")).Refusal!.Code.ShouldBe("too-many-forks");
    }

    [Theory]
    [InlineData("2", "10", AppendOutcome.SeqNotAbove)]
    [InlineData("09", "10", AppendOutcome.Appended)]
    [InlineData("a", "a", AppendOutcome.SeqNotAbove)]
    public void A_sequence_rises_as_text(string first, string second, AppendOutcome outcome) =>
        Fresh.Send(Append() with { Seq = first }).Send(Append() with { Seq = second }).Reply.Outcome.ShouldBe(outcome);

    private static Decided<DurableStream, AppendReply> Send(
        Decided<DurableStream> stream, string id, long epoch, long seq) =>
        stream.Send(Append() with { Stamp = new ProducerStamp(id, epoch, seq) });

    private static Decided<DurableStream> Producers(int count)
    {
        Decided<DurableStream> stream = Fresh;
        for (var i = 0; i < count; i++)
        {
            var next = Send(stream, $"p{i}", 0, 0);
            next.Reply.Outcome.ShouldBe(AppendOutcome.Appended);
            stream = next;
        }

        return stream;
    }

    private static AppendToStream Append() => new([Text("x")]) { ContentType = "text/plain" };

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);
}
