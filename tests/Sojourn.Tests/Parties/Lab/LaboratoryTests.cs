using System.Globalization;
using System.Text.RegularExpressions;
using Sojourn.NatLab;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>The laboratory is what it says it is, as programs that are not ours see it.</summary>
[Collection(Lane.Laboratory)]
public sealed partial class LaboratoryTests
{
    [LabTheory("turnserver", "stun")]
    [InlineData(LabNat.Open, "Open")]
    [InlineData(LabNat.Firewall, "Firewall")]
    [InlineData(LabNat.FullCone, "Independent Mapping, Independent Filter, random port")]
    [InlineData(LabNat.Restricted, "Independent Mapping, Address Dependent Filter, random port")]
    [InlineData(LabNat.PortRestricted, "Independent Mapping, Port Dependent Filter, random port")]
    [InlineData(LabNat.Leaky, "Independent Mapping, Port Dependent Filter, random port")]
    [InlineData(LabNat.Linux, "Independent Mapping, Port Dependent Filter, preserves ports")]
    [InlineData(LabNat.Symmetric, "Dependent Mapping, random port")]
    [InlineData(LabNat.Sequential, "Dependent Mapping, random port")]
    [InlineData(LabNat.BlockedUdp, "Blocked")]
    public async Task An_independent_client_of_an_independent_server_sees_each_kind(LabNat nat, string words)
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", nat);
        await using var coturn = new Coturn(lab);
        await coturn.Ready();

        using var stun = ann.Machine.Start("stun", Laboratory.ServerAddress);
        var said = await stun.StandardOutput.ReadToEndAsync();
        said.ShouldContain($"Primary: {words}");
    }

    [LabFact]
    public async Task A_line_takes_as_long_as_it_is_told_and_loses_what_it_is_told()
    {
        await using var lab = await Laboratory.BuildAsync();
        var ann = await lab.AddAsync("ann", LabNat.Open);
        var ben = await lab.AddAsync("ben", LabNat.Open);
        (await PingAsync(ann, ben, 10)).Fastest.ShouldBeLessThan(10);

        await ann.DelayAsync(TimeSpan.FromMilliseconds(10));
        await ben.DelayAsync(TimeSpan.FromMilliseconds(20));
        // A machine that stands still for a second holds up all that is under way.
        (await PingAsync(ann, ben, 100)).Fastest.ShouldBeInRange(60, 75);

        await ben.LoseAsync(30);
        (await PingAsync(ann, ben, 200)).Lost.ShouldBeInRange(35, 70);
        await ben.CutAsync();
        (await PingAsync(ann, ben, 3)).Lost.ShouldBe(100);
        await ben.HealAsync();
        (await PingAsync(ann, ben, 3)).Lost.ShouldBe(0);
    }

    [LabFact]
    public async Task Two_laboratories_at_once_know_nothing_of_each_other_and_leave_nothing()
    {
        string[] names;
        {
            await using var one = await Laboratory.BuildAsync();
            await using var other = await Laboratory.BuildAsync();
            var ann = await one.AddAsync("ann", LabNat.Linux);
            var ben = await other.AddAsync("ann", LabNat.Linux);
            ann.PublicAddress.ShouldBe(ben.PublicAddress);
            names = [ann.Machine.Name, ben.Machine.Name, one.Internet.Name];
            names.ShouldAllBe(name => File.Exists($"/run/netns/{name}"));
        }

        names.ShouldAllBe(name => !File.Exists($"/run/netns/{name}"));
    }

    private static async Task<(double Fastest, int Lost)> PingAsync(LabHost from, LabHost to, int count)
    {
        // It fails if nothing comes back, and says so all the same.
        using var ping = from.Machine.Start("ping", "-n", "-i", "0.02", "-W", "1", "-c",
            count.ToString(CultureInfo.InvariantCulture), to.Address);
        var said = await ping.StandardOutput.ReadToEndAsync();
        var times = Times().Matches(said)
            .Select(match => double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture))
            .ToList();
        return (times.Count == 0 ? double.NaN : times.Min(), 100 - (times.Count * 100 / count));
    }

    [GeneratedRegex("time=(?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();
}
