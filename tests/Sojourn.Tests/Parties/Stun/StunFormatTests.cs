using System.Net;
using Sojourn.Stun;

namespace Sojourn.Tests.Parties.Stun;

public sealed class StunFormatTests
{
    // RFC 5769, 2.2 and 2.3.
    private const string Version4 = "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
        + "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";

    private const string Version6 = "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
        + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004"
        + "c8fb0b4c";

    private static readonly byte[] Transaction = Convert.FromHexString("b7e7a701bc34d686fa87dfae");

    [Theory]
    [InlineData(Version4, "192.0.2.1:32853")]
    [InlineData(Version6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    public void The_answers_of_the_standards_own_examples_are_read(string hex, string mapped)
    {
        StunFormat.TryRead(Convert.FromHexString(hex), out var message).ShouldBeTrue();
        message.Class.ShouldBe(StunClass.Success);
        message.Transaction.ToArray().ShouldBe(Transaction);
        message.Mapped.ShouldBe(IPEndPoint.Parse(mapped));
        message.NotUnderstood.ShouldBeEmpty();
    }

    [Fact]
    public void A_fingerprint_is_found_wrong_whichever_byte_was_changed()
    {
        var good = Convert.FromHexString(Version4);
        // Without its own type it is no fingerprint, and need not be there.
        foreach (var at in Enumerable.Range(0, good.Length).Except([good.Length - 8, good.Length - 7]))
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 0x01;
            StunFormat.TryRead(bad, out _).ShouldBeFalse($"byte {at}");
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        StunMessage[] messages =
        [
            new(StunClass.Request, Transaction),
            new(StunClass.Request, Transaction) { ChangeAddress = true, ChangePort = true },
            new(StunClass.Request, Transaction) { ChangePort = true },
            new(StunClass.Indication, Transaction),
            new(StunClass.Success, Transaction)
            {
                Mapped = IPEndPoint.Parse("203.0.113.9:1"),
                Origin = IPEndPoint.Parse("198.51.100.1:3478"),
                Other = IPEndPoint.Parse("198.51.100.2:3479"),
            },
            new(StunClass.Success, Transaction) { Mapped = IPEndPoint.Parse("[2001:db8::1]:65535") },
        ];
        foreach (var message in messages)
        {
            StunFormat.TryRead(StunFormat.Write(message), out var read).ShouldBeTrue();
            read.ShouldSatisfyAllConditions(
                () => read.Class.ShouldBe(message.Class),
                () => read.Mapped.ShouldBe(message.Mapped),
                () => read.Origin.ShouldBe(message.Origin),
                () => read.Other.ShouldBe(message.Other),
                () => (read.ChangeAddress, read.ChangePort).ShouldBe((message.ChangeAddress, message.ChangePort)));
        }

        var refusal = new StunMessage(StunClass.Error, Transaction) { ErrorCode = 420, NotUnderstood = [0x0027] };
        StunFormat.TryRead(StunFormat.Write(refusal), out var refused).ShouldBeTrue();
        (refused.Class, refused.ErrorCode).ShouldBe((StunClass.Error, 420));
    }

    [Fact]
    public void What_must_be_understood_and_is_not_is_named_and_what_need_not_be_is_left_out()
    {
        // RESPONSE-PORT, which has to be understood, and CACHE-TIMEOUT, which has not.
        var request = Convert.FromHexString(
            "000100102112a442b7e7a701bc34d686fa87dfae00270004138d00008027000400000000");
        StunFormat.TryRead(request, out var message).ShouldBeTrue();
        message.NotUnderstood.ShouldBe([(ushort)0x0027]);
    }

    [Fact]
    public void Of_two_attributes_of_a_type_the_first_counts_and_the_masked_address_before_the_plain_one()
    {
        var twice = Convert.FromHexString("010100182112a442b7e7a701bc34d686fa87dfae"
            + "002000080001a147e112a643" + "002000080001ffffe112a643");
        StunFormat.TryRead(twice, out var message).ShouldBeTrue();
        message.Mapped!.Port.ShouldBe(32853);
        foreach (var both in (string[])["000100080001000a7f000001" + "002000080001a147e112a643",
            "002000080001a147e112a643" + "000100080001000a7f000001"])
        {
            StunFormat.TryRead(Convert.FromHexString("010100182112a442b7e7a701bc34d686fa87dfae" + both), out message)
                .ShouldBeTrue();
            message.Mapped!.Address.ShouldBe(IPAddress.Parse("192.0.2.1"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00010000")]
    [InlineData("000100002112a442b7e7a701bc34d686fa87df")]
    [InlineData("000100012112a442b7e7a701bc34d686fa87dfae00")]
    [InlineData("000100042112a442b7e7a701bc34d686fa87dfae")]
    [InlineData("000100002112a443b7e7a701bc34d686fa87dfae")]
    [InlineData("000200002112a442b7e7a701bc34d686fa87dfae")]
    [InlineData("400100002112a442b7e7a701bc34d686fa87dfae")]
    [InlineData("000100042112a442b7e7a701bc34d686fa87dfae00030004")]
    [InlineData("000100082112a442b7e7a701bc34d686fa87dfae0003000800000006")]
    [InlineData("0101000c2112a442b7e7a701bc34d686fa87dfae002000080003a147e112a643")]
    [InlineData("010100082112a442b7e7a701bc34d686fa87dfae0020000400010001")]
    [InlineData("0100000094000000000000000000000000000000000000000000000000000000")]
    public void What_is_not_a_whole_Binding_message_is_refused(string hex) =>
        StunFormat.TryRead(Convert.FromHexString(hex), out _).ShouldBeFalse();

    [Fact]
    public void Rubbish_of_any_kind_is_refused_or_read_and_never_harms()
    {
        var chance = new Random(20261122);
        var good = Convert.FromHexString(Version4);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var change = chance.Next(1, 6); change > 0; change--)
                bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            Array.Resize(ref bytes, chance.Next(bytes.Length + 1));
            if (bytes.Length >= 4 && chance.Next(2) == 0)
                (bytes[2], bytes[3]) = (0, (byte)Math.Max(0, bytes.Length - 20));
            if (StunFormat.TryRead(bytes, out var message))
                message.Transaction.Length.ShouldBe(12);
        }

        StunFormat.TryRead(new byte[600], out _).ShouldBeFalse();
    }
}
