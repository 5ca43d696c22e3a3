using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Parties.Server;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Parties in the browser: who is there, how they reach each other, and what the host decides.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class PartyPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task The_graph_grows_as_members_join_and_tell_how_they_reach_each_other()
    {
        await using var party = await PartyUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await console.Link(party.Id).ClickAsync();
        await Expect(console.Page.Locator("pt-head")).ToContainTextAsync("Nobody is here yet.");
        await Expect(console.Button("New invitation")).ToBeDisabledAsync();

        var ann = await party.JoinAsync("Ann");
        await Expect(console.Member(ann)).ToContainTextAsync("host 10.66.0.1");
        await Expect(console.Page.Locator("pt-pairs")).ToContainTextAsync("none while only one is here");
        var ben = await party.JoinAsync("Ben");
        await Expect(console.Member(ben)).ToContainTextAsync("10.66.0.2");
        var row = console.Page.Locator("pt-pairs tbody tr");
        await Expect(row).ToContainTextAsync("Expected: tried: one side's NAT is not known.");

        await ann.SendAsync("report", new { nat = new { kind = "symmetric" } });
        await ben.SendAsync("report", new { nat = new { kind = "symmetric" } });
        await Expect(row).ToContainTextAsync("Expected: relayed: both sides take another port");
        await ann.ReachAsync(ben.Member, "connecting");
        await Expect(console.Edges("connecting")).ToHaveCountAsync(1);
        await ann.ReachAsync(ben.Member, "relay", latencyMs: 48);
        await Expect(console.Edges("relay")).ToHaveCountAsync(1);
        await ann.ReachAsync(ben.Member, "direct", latencyMs: 12);
        await Expect(console.Figures("direct")).ToHaveTextAsync("12 ms");

        // The other one has it worse, and that counts.
        await ben.ReachAsync(ann.Member, "webSocket", latencyMs: 75, lossPercent: 4);
        await Expect(console.Figures("webSocket")).ToHaveTextAsync("75 ms, 4 %");
        await Expect(console.Edges("webSocket").Locator("title")).ToHaveTextAsync(
            "Ann – Ben\nAnn: direct, 12 ms, 0 % lost\nBen: over a WebSocket, 75 ms, 4 % lost");
        await Expect(row).ToContainTextAsync("Ann says direct");
    }

    [BrowserFact]
    public async Task Latency_and_loss_follow_each_report_though_none_of_them_is_an_event()
    {
        await using var party = await PartyUnderTest.StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        await ann.ReachAsync(ben.Member, "direct", latencyMs: 12);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);
        var figure = console.Figures("direct");
        await Expect(figure).ToHaveTextAsync("12 ms");
        var events = await console.Page.Locator("pt-log li").CountAsync();

        foreach (var latencyMs in (double[])[31, 7.5, 204])
        {
            await ann.ReachAsync(ben.Member, "direct", latencyMs);
            await Expect(figure).ToHaveTextAsync(FormattableString.Invariant($"{latencyMs} ms"));
        }

        await ann.ReachAsync(ben.Member, "direct", latencyMs: 204, lossPercent: 12.5);
        await Expect(figure).ToHaveTextAsync("204 ms, 12.5 %");
        await Expect(console.Page.Locator("pt-pairs tbody .number")).ToHaveTextAsync(["204 ms", "12.5 %"]);
        (await console.Page.Locator("pt-log li").CountAsync()).ShouldBe(events);
    }

    [BrowserFact]
    public async Task The_host_is_handed_over_and_members_are_kicked_banned_and_let_in_again()
    {
        await using var party = await PartyUnderTest.StartAsync();
        var ann = await party.JoinAsync("Ann");
        var (ben, cid) = (await party.JoinAsync("Ben"), await party.JoinAsync("Cid"));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);

        await console.Button("Make host: Ben").ClickAsync();
        await AnswerAsync(console, "Make host");
        await Expect(console.Member(ben)).ToContainTextAsync("host 10.66.0.2");
        await Expect(console.Page.Locator("pt-log")).ToContainTextAsync("Ben is the host now.");
        (await ann.SendAsync("settle", new { locked = true })).Number.ShouldBe(409);

        await console.Button("Kick Cid").ClickAsync();
        await AnswerAsync(console, "Keep");
        (await cid.SendAsync("heartbeat")).Number.ShouldBe(200);
        await console.Button("Kick Cid").ClickAsync();
        await AnswerAsync(console, "Kick");
        await Expect(console.Member(cid)).ToHaveCountAsync(0);
        (await cid.SendAsync("heartbeat")).Number.ShouldBe(401);
        (await party.AskToJoinAsync("Cid")).Number.ShouldBe(201);
        await Expect(console.Member(cid)).ToHaveCountAsync(1);

        await console.Button("Ban Cid").ClickAsync();
        await AnswerAsync(console, "Ban");
        await Expect(console.Member(cid)).ToHaveCountAsync(0);
        (await party.AskToJoinAsync("Dan")).Number.ShouldBe(404, "the invitation is another one");
        await console.Button("Let join again: Cid").ClickAsync();
        await Expect(console.Page.Locator("pt-members")).Not.ToContainTextAsync("Banned");
        (await party.AskToJoinAsync("Cid", await InvitationAsync(console))).Number.ShouldBe(201);
    }

    [BrowserFact]
    public async Task A_new_invitation_takes_the_place_of_the_old_one_and_is_copied()
    {
        await using var party = await PartyUnderTest.StartAsync();
        await party.JoinAsync("Ann");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await console.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await party.ShowAsync(console);
        var code = string.Join('-', party.Invitation.Chunk(4).Select(four => new string(four)));
        var before = $"http://127.0.0.1:{party.Server.Url.Port}/#{code}";
        await Expect(Link(console)).ToHaveValueAsync(before);
        await Expect(console.Page.Locator("#invite-command")).ToHaveValueAsync($"sudo sojourn party join '{before}'");

        await console.Button("New invitation").ClickAsync();
        await AnswerAsync(console, "New invitation");
        await Expect(Link(console)).Not.ToHaveValueAsync(before);
        await console.Button("Copy the link").ClickAsync();
        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("Copied.");
        var copied = await console.Page.EvaluateAsync<string>("navigator.clipboard.readText()");

        copied[..before.IndexOf('#')].ShouldBe(before[..before.IndexOf('#')]);
        (await party.AskToJoinAsync("Ben")).Number.ShouldBe(404);
        (await party.AskToJoinAsync("Ben", copied[(copied.IndexOf('#') + 1)..])).Number.ShouldBe(201);
    }

    [BrowserFact]
    public async Task Names_are_text_wherever_they_stand()
    {
        const string hostile = "<img src=x onerror=owned=1>";
        await using var party = await PartyUnderTest.StartAsync(
            """{"name":"<svg onload=\"window.owned=1\">"}""");
        var ann = await party.JoinAsync(hostile);
        var ben = await party.JoinAsync("</title><a id=owned>");
        await ann.ReachAsync(ben.Member, "direct", latencyMs: 3);
        await ann.SendAsync("say", new { text = hostile });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);

        await Expect(console.Page.Locator("pt-head h2")).ToHaveTextAsync("<svg onload=\"window.owned=1\">");
        await Expect(console.Member(ann).Locator("title").First).ToContainTextAsync(hostile);
        await Expect(console.Edges("direct").Locator("title")).ToContainTextAsync("</title><a id=owned>");
        await Expect(console.Page.Locator("pt-members")).ToContainTextAsync(hostile);
        await Expect(console.Page.Locator("pt-pairs tbody")).ToContainTextAsync(hostile);
        await Expect(console.Page.Locator("pt-log")).ToContainTextAsync($"{hostile} says: {hostile}");
        await console.Button("Kick </title><a id=owned>").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Kick </title><a id=owned>?");
        (await console.Page.EvaluateAsync<bool>(
            "window.owned === undefined && !document.querySelector('img[src=x], #owned')")).ShouldBeTrue();
    }

    [BrowserFact]
    public async Task A_member_is_chosen_by_keys_and_its_ways_alone_are_told_also_of_many()
    {
        await using var party = await PartyUnderTest.StartAsync("""{"name":"Friday","size":64}""");
        var seats = await party.GatherAsync([.. Enumerable.Range(1, 20).Select(i => $"Member {i}")]);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);
        await Expect(console.Page.Locator("pt-graph .party-ground .edge")).ToHaveCountAsync(190);
        await Expect(console.Page.Locator("pt-graph .figure")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("pt-pairs tbody tr")).ToHaveCountAsync(40);
        await Expect(console.Page.Locator("pt-pairs")).ToContainTextAsync("And 150 pairs with less trouble.");

        await console.Member(seats[4]).GetByRole(AriaRole.Button).FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.Locator("pt-pairs h2")).ToHaveTextAsync("Ways of Member 5");
        await Expect(console.Page.Locator("pt-pairs tbody tr")).ToHaveCountAsync(19);
        await Expect(console.Page.Locator("pt-graph .figure").First).ToBeVisibleAsync();
        await console.Page.Keyboard.PressAsync("Escape");
        await Expect(console.Page.Locator("pt-pairs h2")).ToHaveTextAsync("Ways");
    }

    [BrowserFact]
    public async Task A_party_is_locked_asked_whether_it_is_ready_and_ended()
    {
        await using var party = await PartyUnderTest.StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);

        await console.Button("Lock").ClickAsync();
        await Expect(console.Button("Unlock")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("pt-invite")).ToContainTextAsync("The party is locked");
        (await party.AskToJoinAsync("Cid")).Number.ShouldBe(409);

        await console.Button("Ask whether all are ready").ClickAsync();
        await Expect(console.Page.Locator("pt-head")).ToContainTextAsync("Is everybody ready? 1 of 2 are.");
        await ben.SendAsync("answer-ready", new { ready = true });
        await Expect(console.Page.Locator("pt-head")).ToContainTextAsync("When asked last, 2 of 2 were ready.");

        await console.Button("End the party").ClickAsync();
        await AnswerAsync(console, "End");
        await Expect(console.Page.Locator("pt-head")).ToContainTextAsync("This party is over");
        await Expect(console.Page.Locator("pt-graph, pt-invite, pt-members")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("pt-log li").First).ToContainTextAsync("Ann ended it.");
        (await ann.SendAsync("heartbeat")).Number.ShouldBe(401);
    }

    [BrowserFact]
    public async Task What_is_no_longer_so_when_it_is_asked_for_is_said_and_not_done()
    {
        await using var party = await PartyUnderTest.StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, party.Server);
        await party.ShowAsync(console);
        await console.Button("Make host: Ben").ClickAsync();
        await ben.SendAsync("leave");
        await Expect(console.Member(ben)).ToHaveCountAsync(0);
        await AnswerAsync(console, "Make host");
        await Expect(console.Page.Locator("sj-toasts .toast[data-tone=bad]"))
            .ToContainTextAsync("There is no member of this id.");
        (await ann.SendAsync("settle", new { size = 4 })).Number.ShouldBe(200);
    }

    private static ILocator Link(ConsoleUnderTest console) => console.Page.Locator("#invite-link");

    private static async Task<string> InvitationAsync(ConsoleUnderTest console)
    {
        var link = await Link(console).InputValueAsync();
        return link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..];
    }

    private static async Task AnswerAsync(ConsoleUnderTest console, string button) =>
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true })
            .ClickAsync();
}
