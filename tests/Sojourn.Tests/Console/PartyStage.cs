using Microsoft.Playwright;
using Sojourn.Tests.Parties.Server;

namespace Sojourn.Tests.Console;

/// <summary>Parties brought to where a test looks at them.</summary>
internal static class PartyStage
{
    private static readonly string[] Kinds =
        ["fullCone", "portRestrictedCone", "symmetric", "open", "restrictedCone", "firewall", "blocked", "unknown"];

    /// <summary>The page of the party.</summary>
    public static Task ShowAsync(this PartyUnderTest party, ConsoleUnderTest console) =>
        console.GoAsync($"#/session/party/{party.Id}");

    /// <summary>Has a member say how it reaches another.</summary>
    public static async Task ReachAsync(
        this SeatUnderTest seat, string to, string via, double? latencyMs = null, double lossPercent = 0)
    {
        var report = new { paths = new[] { new { to, via, latencyMs, lossPercent, detail = "" } } };
        var told = await seat.SendAsync("report", report);
        told.Number.ShouldBe(200, told.Text);
    }

    /// <summary>Has members of these names join, and each say how it reaches all of the others.</summary>
    public static async Task<IReadOnlyList<SeatUnderTest>> GatherAsync(
        this PartyUnderTest party, params IReadOnlyList<string> names)
    {
        var seats = new List<SeatUnderTest>();
        foreach (var name in names)
        {
            // At most ten a second may join.
            var joined = await party.AskToJoinAsync(name);
            while (joined.Number == 429)
                joined = await party.AskToJoinAsync(name);
            joined.Number.ShouldBe(201, joined.Text);
            seats.Add(new(party.Server, joined["seat"].GetString()!, PartyUnderTest.SecretOf(name)));
        }

        foreach (var (i, seat) in seats.Index())
        {
            var kind = Kinds[i % Kinds.Length];
            var told = await seat.SendAsync("report", new
            {
                nat = new { kind, evidence = "The same port for two servers." },
                paths = seats.Index().Where(other => other.Index != i)
                    .Select(other => PathTo(other.Item.Member, i, other.Index)),
            });
            told.Number.ShouldBe(200, told.Text);
        }

        return seats;
    }

    public static ILocator Edges(this ConsoleUnderTest console, string via) =>
        console.Page.Locator($"pt-graph .party-ground .edge[data-via={via}]");

    /// <summary>What is written at the edges.</summary>
    public static ILocator Figures(this ConsoleUnderTest console, string via) =>
        console.Page.Locator($"pt-graph .figure[data-via={via}]");

    public static ILocator Member(this ConsoleUnderTest console, SeatUnderTest seat) =>
        console.Page.Locator($"pt-graph .party-member[data-member='{seat.Member}']");

    private static object PathTo(string to, int one, int other)
    {
        var (low, high) = (Math.Min(one, other), Math.Max(one, other));
        var latencyMs = 8.5 + (low * 17) + (high * 5) + (one < other ? 0 : 1);
        return (Kinds[low % Kinds.Length], Kinds[high % Kinds.Length]) switch
        {
            (_, "blocked") or ("blocked", _) =>
                new { to, via = "webSocket", latencyMs = latencyMs + 60, lossPercent = 0.0, detail = "server" },
            (_, "unknown") or ("unknown", _) => new { to, via = "connecting" },
            ("symmetric", "firewall") or ("symmetric", "symmetric") =>
                new { to, via = "relay", latencyMs = latencyMs + 30, lossPercent = 7.5, detail = "server" },
            ("portRestrictedCone", "symmetric") =>
                new { to, via = "relay", latencyMs, lossPercent = 0.0, detail = "server" },
            _ => (object)new { to, via = "direct", latencyMs, lossPercent = 0.0, detail = "reflexive" },
        };
    }
}
