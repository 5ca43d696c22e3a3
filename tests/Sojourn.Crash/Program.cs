using System.Globalization;
using Sojourn.Crash;

// Kills a real process that writes, again and again, and checks what it had acknowledged.
//   sojourn-crash run [--kills N] [--seed N] [--keep]   the campaign; ends with 1 if anything was lost or doubled
//   sojourn-crash child DIR                              the process that is killed; talks over standard input and
// output
switch (args)
{
    case ["child", var directory]:
        await Child.RunAsync(directory);
        return 0;
    case ["run", .. var options]:
        var (kills, seed) = (Number(options, "--kills", 1000), Number(options, "--seed", Environment.TickCount));
        var folder = Directory.CreateTempSubdirectory("sojourn-crash-").FullName;
        Console.WriteLine($"{kills} kills with seed {seed}, in {folder}");
        var campaign = new Campaign(folder, seed) { Progress = line => Console.WriteLine(line) };
        try
        {
            Console.WriteLine(await campaign.RunAsync(kills));
        }
        catch (BrokenPromiseException broken)
        {
            Console.Error.WriteLine($"BROKEN (seed {seed}, see {folder}): {broken.Message}");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    default:
        Console.Error.WriteLine("sojourn-crash run [--kills N] [--seed N]");
        return 2;
}

static int Number(string[] options, string name, int otherwise) =>
    Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length
        ? int.Parse(options[at + 1], CultureInfo.InvariantCulture)
        : otherwise;
