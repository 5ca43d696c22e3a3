using System.Text.Json;

namespace Sojourn.Cli;

/// <summary>Parameters that a user gives as JSON, in a file or on standard input.</summary>
internal static class JsonParameters
{
    // What the server takes at most; more need not be read to be refused.
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Null if <paramref name="text"/> is null.</summary>
    /// <exception cref="UsageException">It is not JSON, too large, or there is no such file.</exception>
    public static async Task<JsonElement?> ReadAsync(string? text, Terminal terminal, CancellationToken stop)
    {
        if (text is null)
            return null;

        try
        {
            if (text is "-")
                return await ReadStreamAsync(terminal.OpenInput(), stop);
            return text.StartsWith('@')
                ? await ReadStreamAsync(File.OpenRead(text[1..]), stop)
                : JsonElement.Parse(text);
        }
        catch (JsonException fault)
        {
            throw new UsageException($"The parameters are not JSON: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"There is no file '{text[1..]}'.", fault);
        }
    }

    private static async Task<JsonElement> ReadStreamAsync(Stream source, CancellationToken stop)
    {
        await using (source)
        {
            var bytes = await Input.ReadAsync(source, MaxBytes, stop);
            using var document = JsonDocument.Parse(Input.WithoutMark(bytes));
            return document.RootElement.Clone();
        }
    }
}
