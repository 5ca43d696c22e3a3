using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Lan;

public sealed class LanFormatTests
{
    private static readonly byte[] Query = LanFormat.WriteQuery(0x0123_4567_89AB_CDEF, "c8z7vmj8");
    private static readonly byte[] Answer = LanFormat.WriteAnswer(7, 7707, "Friday, für alle");

    [Fact]
    public void What_is_written_is_read_again()
    {
        LanFormat.ReadQuery(Query).ShouldBe(new LanQuery(0x0123_4567_89AB_CDEF, "c8z7vmj8"));
        LanFormat.ReadAnswer(Answer).ShouldBe(new LanReply(7, 7707, "Friday, für alle"));
        LanFormat.ReadAnswer(LanFormat.WriteAnswer(ulong.MaxValue, 65535, ""))
            .ShouldBe(new LanReply(ulong.MaxValue, 65535, ""));
    }

    [Fact]
    public void A_query_and_an_answer_are_what_they_were_in_the_first_version()
    {
        Convert.ToHexStringLower(Query).ShouldBe(
            "f5534a4c" + "01" + "01" + "0000" + "0123456789abcdef" + "63387a37766d6a38" + new string('0', 370));
        Convert.ToHexStringLower(LanFormat.WriteAnswer(7, 7707, "Friday")).ShouldBe(
            "f5534a4c" + "01" + "02" + "1e1b" + "0000000000000007" + "06" + "467269646179");
    }

    [Fact]
    public void No_answer_is_longer_than_the_query_whatever_the_party_is_called()
    {
        foreach (var name in (string[])[new('x', 64), new('ü', 64), new('€', 64), new('€', 500)])
        {
            var answer = LanFormat.WriteAnswer(7, 1, name);
            answer.Length.ShouldBeLessThanOrEqualTo(Query.Length);
            LanFormat.ReadAnswer(answer)!.Name.ShouldBe(name[..64]);
        }
    }

    [Fact]
    public void A_name_that_is_cut_within_a_character_is_told_without_it()
    {
        var answer = LanFormat.ReadAnswer(LanFormat.WriteAnswer(7, 1, new string('x', 63) + "🎲"));
        answer!.Name.ShouldBe(new string('x', 63) + "\uFFFD");
    }

    [Fact]
    public void What_was_cut_anywhere_or_has_something_after_it_is_nothing()
    {
        for (var length = 0; length < Query.Length; length++)
            LanFormat.ReadQuery(Query.AsSpan(0, length)).ShouldBeNull($"{length} bytes");
        for (var length = 0; length < Answer.Length; length++)
            LanFormat.ReadAnswer(Answer.AsSpan(0, length)).ShouldBeNull($"{length} bytes");
        LanFormat.ReadQuery([.. Query, 0]).ShouldBeNull();
        LanFormat.ReadAnswer([.. Answer, 0]).ShouldBeNull();
    }

    [Fact]
    public void A_query_is_no_answer_and_an_answer_no_query()
    {
        LanFormat.ReadAnswer(Query).ShouldBeNull();
        LanFormat.ReadQuery(LanFormat.WriteAnswer(7, 7707, new string('€', 64))).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(208)]
    public void A_byte_that_is_not_as_it_must_be_makes_it_no_query(int at)
    {
        var bad = (byte[])Query.Clone();
        bad[at] ^= 0x80;
        LanFormat.ReadQuery(bad).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(16, 200)]
    [InlineData(17, 0xFF)]
    [InlineData(17, 0x0A)]
    public void A_byte_that_is_not_as_it_must_be_makes_it_no_answer(int at, byte wrong)
    {
        var bad = (byte[])Answer.Clone();
        bad[at] = wrong;
        LanFormat.ReadAnswer(bad).ShouldBeNull();
        bad = (byte[])Answer.Clone();
        (bad[6], bad[7]) = (0, 0);
        LanFormat.ReadAnswer(bad).ShouldBeNull("port 0");
    }

    [Fact]
    public void Rubbish_is_nothing()
    {
        var chance = new Random(1706);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[chance.Next(0, LanFormat.QueryLength + 20)];
            chance.NextBytes(bytes);
            // Half of them begin as they should.
            if (i % 2 == 0)
                Query.AsSpan(0, Math.Min(bytes.Length, 5)).CopyTo(bytes);
            LanFormat.ReadQuery(bytes).ShouldBeNull();
            if (LanFormat.ReadAnswer(bytes) is { } read)
                read.Name.Length.ShouldBeLessThanOrEqualTo(LanFormat.LongestName);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("c8z7vmj")]
    [InlineData("c8z7vmj8x")]
    [InlineData("c8z7-mj8")]
    [InlineData("C8Z7VMJ8")]
    [InlineData("c8z7vmjü")]
    public void What_no_invitation_begins_with_is_not_asked_for(string handle) =>
        Should.Throw<ArgumentException>(() => LanFormat.WriteQuery(1, handle));
}
