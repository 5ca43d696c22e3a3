using Sojourn.NatLab;

// A laboratory to try things in by hand: a shell on its first machine, with the names of the others.
if (args is [] or ["--help"] || args.Any(arg => !Enum.TryParse<LabNat>(arg, ignoreCase: true, out _)))
{
    System.Console.Error.WriteLine($"""
        sojourn-natlab KIND...

        Makes a network with a server and a machine behind a router of each of these kinds, and waits for a line of
        input; then nothing is left of it.
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
for (var number = 0; number < args.Length; number++)
{
    var host = await lab.AddAsync($"h{number + 1}", Enum.Parse<LabNat>(args[number], ignoreCase: true));
    System.Console.WriteLine(
        $"{host.Nat}: ip netns exec {host.Machine.Name} bash   ({host.Address}, seen as {host.PublicAddress})");
}

System.Console.ReadLine();
return 0;
