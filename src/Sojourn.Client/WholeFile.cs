namespace Sojourn.Client;

/// <summary>Files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Has <paramref name="write"/> fill FILE.part, and renames it once it is on disk.</summary>
    public static async Task<long> WriteAsync(string file, Func<Stream, Task> write)
    {
        var part = file + ".part";
        long length;
        // Opened outside the try: if another download is writing there, its part is not ours to delete.
        var target = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 4096, useAsync: true);
        try
        {
            await using (target.ConfigureAwait(false))
            {
                await write(target).ConfigureAwait(false);
                target.Flush(flushToDisk: true);
                length = target.Length;
            }

            File.Move(part, file, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        return length;
    }
}
