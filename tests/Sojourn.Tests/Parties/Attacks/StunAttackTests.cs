using System.Net;
using System.Net.Sockets;
using Sojourn.Server.Parties.Stun;
using Sojourn.Stun;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Attacks;

/// <summary>Rubbish at a STUN server's UDP ports, and questions in another's name.</summary>
public sealed class StunAttackTests : IAsyncLifetime, IDisposable
{
    private const int Seed = 20261122;

    private readonly ManualClock _clock = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Random _chance = new(Seed);
    private StunListener _server = null!;

    public Task InitializeAsync()
    {
        // Two addresses, whose answers are the longest.
        _server = StunListener.Open([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")], 0, 0, _clock);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    [Fact]
    public async Task Zeros_ones_and_chance_of_every_length_to_a_hundred_are_not_answered()
    {
        for (var length = 0; length <= 100; length++)
        {
            var chance = new byte[length];
            _chance.NextBytes(chance);
            foreach (var rubbish in (byte[][])[new byte[length], [.. Enumerable.Repeat((byte)0xff, length)], chance])
                (await AnswersAsync(rubbish)).ShouldBeEmpty($"length {length}, seed {Seed}");
        }
    }

    [Fact]
    public async Task A_question_that_is_cut_off_has_a_wrong_cookie_or_a_wrong_fingerprint_is_not_answered()
    {
        var good = Question();
        (await AnswersAsync(good)).Count.ShouldBe(1);
        for (var length = 0; length < good.Length; length++)
            (await AnswersAsync(good[..length])).ShouldBeEmpty($"length {length}");
        // Type, length and cookie; then the fingerprint's value.
        foreach (var at in Enumerable.Range(0, 8).Concat(Enumerable.Range(good.Length - 4, 4)))
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 0x20;
            (await AnswersAsync(bad)).ShouldBeEmpty($"byte {at}");
        }

        (await AnswersAsync([.. good, 0, 0, 0, 0])).ShouldBeEmpty();
        (await AnswersAsync([.. good, .. new byte[3000]])).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_but_questions_is_answered_so_that_two_servers_never_talk_to_each_other()
    {
        foreach (var what in (StunClass[])[StunClass.Indication, StunClass.Success, StunClass.Error])
            (await AnswersAsync(StunFormat.Write(new StunMessage(what, Transaction())))).ShouldBeEmpty($"{what}");
    }

    [Fact]
    public async Task Questions_with_any_bytes_changed_are_answered_once_or_not_and_never_with_three_times_as_much()
    {
        var most = 0.0;
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Question();
            for (var change = _chance.Next(0, 4); change > 0; change--)
                bytes[_chance.Next(bytes.Length)] = (byte)_chance.Next(256);
            var answers = await AnswersAsync(bytes);
            answers.Count.ShouldBeLessThanOrEqualTo(1);
            answers.ForEach(answer => most = Math.Max(most, (double)answer.Length / bytes.Length));
        }

        most.ShouldBeLessThan(3);
    }

    [Fact]
    public async Task The_shortest_question_there_is_has_an_answer_of_two_point_eight_times_its_length()
    {
        // 20 bytes: a server of two addresses has to name three places in its answer (RFC 5780).
        var shortest = Question()[..StunMessage.HeaderLength];
        shortest[3] = 0;
        var answer = (await AnswersAsync(shortest)).ShouldHaveSingleItem();
        (shortest.Length, answer.Length).ShouldBe((20, 56));
        StunFormat.TryRead(answer, out var read).ShouldBeTrue();
        read.Mapped.ShouldBe(_socket.LocalEndPoint);

        // With a fingerprint the question is longer, and so is the answer.
        (await AnswersAsync(Question())).ShouldHaveSingleItem().Length.ShouldBe(64);
    }

    [Fact]
    public async Task What_must_be_understood_and_is_not_is_answered_with_an_error_of_at_most_twice_its_length()
    {
        for (var count = 1; count <= 30; count++)
        {
            byte[] attributes = [.. Enumerable.Range(1, count).SelectMany(each => (byte[])[0x7e, (byte)each, 0, 0])];
            var question = Question()[..StunMessage.HeaderLength];
            question[3] = (byte)attributes.Length;
            var answer = (await AnswersAsync([.. question, .. attributes])).ShouldHaveSingleItem();
            StunFormat.TryRead(answer, out var read).ShouldBeTrue();
            (read.Class, read.ErrorCode).ShouldBe((StunClass.Error, 420));
            ((double)answer.Length / (question.Length + attributes.Length)).ShouldBeLessThanOrEqualTo(2);
        }
    }

    /// <summary>What a datagram is answered with, up to the answer to a question that is asked after it.</summary>
    private async Task<List<byte[]>> AnswersAsync(byte[] datagram)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(datagram);
        var marker = Question();
        await SendAsync(marker);
        var answers = new List<byte[]>();
        while (await ReceiveAsync() is var answer && !answer.AsSpan(8, 12).SequenceEqual(marker.AsSpan(8, 12)))
            answers.Add(answer);
        return answers;
    }

    private byte[] Question() => StunFormat.Write(new StunMessage(StunClass.Request, Transaction()));

    private byte[] Transaction()
    {
        var bytes = new byte[StunMessage.TransactionLength];
        _chance.NextBytes(bytes);
        return bytes;
    }

    private async Task SendAsync(byte[] bytes) =>
        await _socket.SendToAsync(bytes, SocketFlags.None, _server.First);

    private async Task<byte[]> ReceiveAsync()
    {
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        var bytes = new byte[2048];
        return bytes[..await _socket.ReceiveAsync(bytes, SocketFlags.None, late.Token)];
    }
}
