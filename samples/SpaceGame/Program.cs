// A small game whose player loses nothing. It flies by itself; q ends it, s saves. Kill it, and start it again:
//   dotnet run --project samples/SpaceGame -- [--folder DIR] [--pilot NAME] [--checkpoint SECONDS]
//       [--crash-after SECONDS] [--fail-after SECONDS] [--recover yes|no|later|ask] [--missions N]
//       [--save-every TICKS]
using SpaceGame;

var settings = Settings.Parse(args);
if (settings is null)
{
    Console.Error.WriteLine(Settings.Usage);
    return 2;
}

try
{
    await using var game = await Game.OpenAsync(settings);
    await game.PlayAsync();
    return 0;
}
catch (Exception problem) when (problem is Sojourn.SojournException or Sojourn.Kinds.Play.Saves.SaveException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
