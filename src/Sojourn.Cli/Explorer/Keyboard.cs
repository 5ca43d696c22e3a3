using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

/// <summary>Brings what the player does to the loop that plays.</summary>
internal static class Keyboard
{
    /// <summary>Keys, one at a time, as they are pressed; until the program ends.</summary>
    public static void ReadKeys(Action<ConsoleKeyInfo> press)
    {
        // Nothing but the end of the process wakes a thread that waits for a key.
        var reading = new Thread(() =>
        {
            while (true)
                press(Console.ReadKey(intercept: true));
        })
        {
            IsBackground = true,
            Name = "sojourn keys",
        };
        reading.Start();
    }

    /// <summary>
    /// Lines, until there are no more, which is null. None is read before there is room for it: who plays is slower
    /// than a pipe without an end.
    /// </summary>
    public static async Task ReadLinesAsync(
        Stream input, ChannelWriter<string?> lines, Action told, CancellationToken stop)
    {
        using var reader = new StreamReader(input);
        string? line;
        do
        {
            line = await reader.ReadLineAsync(stop);
            await lines.WriteAsync(line, stop);
            told();
        }
        while (line is not null);
    }
}
