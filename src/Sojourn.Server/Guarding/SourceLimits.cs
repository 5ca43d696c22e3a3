using System.Buffers.Binary;
using System.Net;

namespace Sojourn.Server.Guarding;

/// <summary>
/// How often somebody may ask who has no key: so many times a second, counted in a table of a fixed size. Who shares a
/// place in it with another may ask less often.
/// </summary>
/// <param name="perSecond">How often within one second.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceLimits(int perSecond, TimeProvider time)
{
    private const int Places = 8192;

    private readonly (long Second, int Count)[] _counts = new (long, int)[Places];
    private readonly int _salt = Random.Shared.Next();
    private readonly Lock _guard = new();

    /// <summary>Whether an address may ask; of IPv6, its first half counts, which is one household's.</summary>
    public bool Lets(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return Count(HashCode.Combine(_salt, length == 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
    }

    /// <summary>Whether somebody of a name may ask.</summary>
    public bool Lets(string name) => Count(HashCode.Combine(_salt, name.GetHashCode(StringComparison.Ordinal)));

    private bool Count(int hash)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_guard)
        {
            ref var count = ref _counts[(uint)hash % Places];
            count = count.Second == second ? (second, count.Count + 1) : (second, 1);
            return count.Count <= perSecond;
        }
    }
}
