using Sojourn.NatLab;

// A laboratory to try things in by hand: a shell on its first machine, with the names of the others.
if (args is [] or ["--help"] || args.Any(arg => !Enum.TryParse<LabNat>(arg, ignoreCase: true, out _)))
{
    System.Console.Error.WriteLine($"""
        sojourn-natlab KIND...

        Makes a network with a server and a machine behind a router of each of these kinds. Then it reads lines: reboot
        HOST, move HOST, cut HOST, heal HOST, or delay HOST MILLISECONDS; after an empty one nothing is left of it.
        Kinds: {string.Join(", ", Enum.GetNames<LabNat>())}
        """);
    return 2;
}

if (Laboratory.WhyNot() is { } why)
{
    System.Console.Error.WriteLine(why);
    return 1;
}

await using var lab = await Laboratory.BuildAsync();
System.Console.WriteLine($"server: ip netns exec {lab.Server.Name} bash   ({Laboratory.ServerAddress})");
var hosts = new List<LabHost>();
for (var number = 0; number < args.Length; number++)
{
    var host = await lab.AddAsync($"h{number + 1}", Enum.Parse<LabNat>(args[number], ignoreCase: true));
    hosts.Add(host);
    System.Console.WriteLine(
        $"{host.Nat}: ip netns exec {host.Machine.Name} bash   ({host.Address}, seen as {host.PublicAddress})");
}

while (System.Console.ReadLine() is { Length: > 0 } line)
{
    var words = line.Split(' ');
    var host = hosts.Find(each => words.Length > 1 && each.Name == words[1]);
    await ((words[0], host) switch
    {
        ("reboot", { } one) => one.RebootRouterAsync(),
        ("move", { } one) => one.MoveAsync(),
        ("cut", { } one) => one.CutAsync(),
        ("heal", { } one) => one.HealAsync(),
        ("delay", { } one) when words.Length == 3 && double.TryParse(words[2], out var time) =>
            one.DelayAsync(TimeSpan.FromMilliseconds(time)),
        _ => System.Console.Out.WriteLineAsync("That is none of the lines that are read here."),
    });
}

return 0;
