using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Server.Parties;

/// <summary>What a server knows and nobody else: all that it gives to members by it can be given again.</summary>
internal sealed class SeatSecrets(SojournServerOptions options)
{
    private readonly byte[] _secret = options.Parties.Secret?.ToArray() ?? RandomNumberGenerator.GetBytes(32);

    /// <summary>What two members know each other's probes by.</summary>
    public byte[] PairKey(SessionKey party, string one, string other)
    {
        var (first, second) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
        return Derive($"pair\n{party.Owner}\n{party.Id}\n{first}\n{second}");
    }

    /// <summary>What a start of a party is filled with, each time that it is sent.</summary>
    public byte[] StartSeed(OwnerId owner, string operation) => Derive($"start\n{owner}\n{operation}");

    /// <summary>What this server and a relay know.</summary>
    public byte[] RelayKey(string relay) => Derive($"relay\n{relay}");

    private byte[] Derive(string what) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(what));
}
