namespace Sojourn.Cli;

/// <summary>Reads what a user hands in, up to a limit.</summary>
internal static class Input
{
    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="UsageException">There is more than <paramref name="limit"/> bytes.</exception>
    public static async Task<byte[]> ReadAsync(Stream source, int limit, CancellationToken stop)
    {
        // One byte more than allowed is enough to know that it is too much, however long a pipe goes on.
        var bytes = new byte[limit + 1];
        var length = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        return length <= limit
            ? bytes[..length] : throw new UsageException($"The input is larger than {limit / 1024} KiB.");
    }

    /// <summary>Some editors begin a UTF-8 file with a byte order mark.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith(Utf8Mark) ? bytes.AsMemory(Utf8Mark.Length) : bytes;
}
