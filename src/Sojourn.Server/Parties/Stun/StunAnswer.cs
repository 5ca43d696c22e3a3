using System.Net;
using Sojourn.Stun;

namespace Sojourn.Server.Parties.Stun;

/// <summary>What a STUN server answers. Pure.</summary>
/// <param name="addresses">One address of the server, or two; <see cref="IPAddress.Any"/> alone for whichever.</param>
/// <param name="ports">Its two ports.</param>
internal sealed class StunAnswer(IReadOnlyList<IPAddress> addresses, (int First, int Second) ports)
{
    private const int NotUnderstood = 420;
    private const ushort ChangeRequest = 0x0003;

    /// <summary>Answers a datagram.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="from">From where.</param>
    /// <param name="at">At which of the server's sockets: an address's place and a port's.</param>
    /// <returns>What to send to where it came from, and from which socket; null for nothing.</returns>
    public (byte[] Bytes, (int Address, int Port) At)? To(
        ReadOnlySpan<byte> datagram, IPEndPoint from, (int Address, int Port) at)
    {
        if (!StunFormat.TryRead(datagram, out var request) || request.Class != StunClass.Request)
            return null;
        if (request.NotUnderstood.Count > 0)
            return (Refuse(request, request.NotUnderstood), at);
        if (request.ChangeAddress && addresses.Count < 2)
            return (Refuse(request, [ChangeRequest]), at);

        (int Address, int Port) answering = (
            request.ChangeAddress ? 1 - at.Address : at.Address, request.ChangePort ? 1 - at.Port : at.Port);
        // What answers are longer than their questions is a gift to those who ask in another's name: so a fingerprint
        // comes back to who has sent one. Then they are at most 2.8 times as long, and 2 of a server of one address.
        var answer = new StunMessage(StunClass.Success, request.Transaction)
        {
            HasFingerprint = request.HasFingerprint,
            Mapped = from,
            Origin = addresses.Count < 2 ? null : EndPoint(answering),
            Other = addresses.Count < 2 ? null : EndPoint((1 - at.Address, 1 - at.Port)),
        };
        return (StunFormat.Write(answer), answering);
    }

    private IPEndPoint EndPoint((int Address, int Port) at) =>
        new(addresses[at.Address], at.Port == 0 ? ports.First : ports.Second);

    private static byte[] Refuse(StunMessage request, IReadOnlyList<ushort> names) => StunFormat.Write(
        new StunMessage(StunClass.Error, request.Transaction)
        {
            HasFingerprint = request.HasFingerprint,
            ErrorCode = NotUnderstood,
            NotUnderstood = names,
        });
}
