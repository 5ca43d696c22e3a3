using System.Globalization;
using Sojourn.Crash;
using Sojourn.Crash.Games;
using Sojourn.Crash.Streams;

// Kills a real process that writes, again and again, and checks what it had acknowledged.
//   sojourn-crash run [streams|play] [--kills N] [--seed N]
//                             a campaign; ends with 1 if anything was lost or doubled
//   sojourn-crash child DIR   the process that is killed; talks over standard input and output
//   sojourn-crash serve DIR   the same for streams; talks HTTP
switch (args)
{
    case ["child", var directory]:
        await Child.RunAsync(directory);
        return 0;
    case ["serve", var directory]:
        await StreamServer.RunAsync(directory);
        return 0;
    case ["run", .. var options]:
        var what = options.FirstOrDefault();
        var kills = Number(options, "--kills", what switch { "streams" => 200, "play" => 500, _ => 1000 });
        var seed = Number(options, "--seed", Environment.TickCount);
        var folder = Directory.CreateTempSubdirectory("sojourn-crash-").FullName;
        Console.WriteLine($"{kills} kills with seed {seed}, in {folder}");
        try
        {
            object report = what switch
            {
                "streams" => await new StreamCampaign(folder, seed) { Progress = Console.WriteLine }.RunAsync(kills),
                "play" => await new GameCampaign(folder, seed) { Progress = Console.WriteLine }.RunAsync(kills),
                _ => await new Campaign(folder, seed) { Progress = Console.WriteLine }.RunAsync(kills),
            };
            Console.WriteLine(report);
        }
        catch (BrokenPromiseException broken)
        {
            Console.Error.WriteLine($"BROKEN (seed {seed}, see {folder}): {broken.Message}");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    default:
        Console.Error.WriteLine("sojourn-crash run [streams|play] [--kills N] [--seed N]");
        return 2;
}

static int Number(string[] options, string name, int otherwise) =>
    Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length
        ? int.Parse(options[at + 1], CultureInfo.InvariantCulture)
        : otherwise;
