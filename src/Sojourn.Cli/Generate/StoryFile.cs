using System.Text;

namespace Sojourn.Cli.Generate;

/// <summary>Reads a story from a file or standard input.</summary>
internal static class StoryFile
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="name">A file's name, or <c>-</c> for standard input.</param>
    /// <param name="terminal">Where standard input comes from.</param>
    /// <param name="stop">Ends the waiting for a slow pipe.</param>
    /// <exception cref="UsageException">There is no such file, it is too large, or it is not UTF-8.</exception>
    public static async Task<string> ReadAsync(string name, Terminal terminal, CancellationToken stop)
    {
        var bytes = await ReadBytesAsync(name, terminal, stop);
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new UsageException($"{Shown(name)} is UTF-16; save it as UTF-8.");

        try
        {
            return Strict.GetString(Input.WithoutMark(bytes).Span);
        }
        catch (DecoderFallbackException fault)
        {
            throw new UsageException(
                $"{Shown(name)} is not UTF-8 (see byte {fault.Index}); save it as UTF-8, or convert it, as with "
                + "`iconv -f WINDOWS-1252 -t UTF-8`.", fault);
        }
    }

    private static async Task<byte[]> ReadBytesAsync(string name, Terminal terminal, CancellationToken stop)
    {
        if (Directory.Exists(name))
            throw new UsageException($"{Shown(name)} is a directory; give the story's file.");

        try
        {
            await using var source = name is "-" ? terminal.OpenInput() : File.OpenRead(name);
            return await Input.ReadAsync(source, MaxBytes, stop);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"There is no file {Shown(name)}.", fault);
        }
    }

    private static string Shown(string name) => name is "-" ? "What came on standard input" : $"'{name}'";
}
