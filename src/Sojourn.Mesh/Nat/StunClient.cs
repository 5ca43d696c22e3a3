using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Sojourn.Mesh.Ports;
using Sojourn.Stun;

namespace Sojourn.Mesh.Nat;

/// <summary>Asks STUN servers, from a port that it need not have to itself.</summary>
/// <param name="port">The port. What is received there is to be given to <see cref="TryTake"/>.</param>
/// <param name="time">The clock that repeats and giving up go by.</param>
internal sealed class StunClient(IUdpPort port, TimeProvider time)
{
    /// <summary>When a request is sent again, from its first sending on. The standard's times are too slow to play by.
    /// </summary>
    private static readonly TimeSpan[] Repeats =
        [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500)];

    private readonly ConcurrentDictionary<UInt128, Question> _open = new();

    /// <summary>Asks a server how it sees this port.</summary>
    /// <param name="server">The server.</param>
    /// <param name="change">What of its address the answer is to be sent from another of.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="giveUp">Gives up earlier.</param>
    /// <returns>The answer; null if none came.</returns>
    public async Task<StunMessage?> AskAsync(
        IPEndPoint server, StunChange change, TimeSpan patience, CancellationToken giveUp = default)
    {
        var transaction = RandomNumberGenerator.GetBytes(StunMessage.TransactionLength);
        var request = StunFormat.Write(new StunMessage(StunClass.Request, transaction)
        {
            ChangeAddress = change.HasFlag(StunChange.Address),
            ChangePort = change.HasFlag(StunChange.Port),
        });
        var question = new Question(server, change);
        _open[KeyOf(transaction)] = question;
        using var late = new CancellationTokenSource(patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, giveUp);
        try
        {
            var began = time.GetTimestamp();
            port.Send(request, server);
            foreach (var repeat in Repeats)
            {
                var pause = repeat - time.GetElapsedTime(began);
                if (pause > TimeSpan.Zero)
                    await Task.WhenAny(question.Answer.Task, Task.Delay(pause, time, over.Token));
                if (question.Answer.Task.IsCompleted || over.IsCancellationRequested)
                    break;
                port.Send(request, server);
            }

            return await question.Answer.Task.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (!giveUp.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _open.TryRemove(KeyOf(transaction), out _);
        }
    }

    /// <summary>Takes an answer to one of the questions.</summary>
    /// <returns>False if the datagram is none.</returns>
    public bool TryTake(ReadOnlySpan<byte> bytes, IPEndPoint from)
    {
        if (!StunFormat.TryRead(bytes, out var message) || message.Class is StunClass.Request or StunClass.Indication
            || !_open.TryGetValue(KeyOf(message.Transaction.Span), out var question))
        {
            return false;
        }

        // Nobody but the one who was asked answers, unless it was asked to have another do so; then, an answer of its
        // own says that it cannot.
        var isAsAsked = from.Equals(question.Server) == (question.Change == StunChange.None)
            && from.Address.Equals(question.Server.Address) != question.Change.HasFlag(StunChange.Address)
            && (from.Port == question.Server.Port) != question.Change.HasFlag(StunChange.Port);
        if (!isAsAsked && !from.Equals(question.Server))
            return false;
        question.Answer.TrySetResult(isAsAsked && message.Class == StunClass.Success ? message : null);
        return true;
    }

    private static UInt128 KeyOf(ReadOnlySpan<byte> transaction)
    {
        Span<byte> whole = stackalloc byte[16];
        whole.Clear();
        transaction.CopyTo(whole);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(whole);
    }

    private sealed record Question(IPEndPoint Server, StunChange Change)
    {
        public TaskCompletionSource<StunMessage?> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What of a server's address an answer is to be sent from another of.</summary>
[Flags]
internal enum StunChange
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>From its other address.</summary>
    Address = 1,

    /// <summary>From its other port.</summary>
    Port = 2,
}
