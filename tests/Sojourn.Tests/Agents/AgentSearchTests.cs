using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Client;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Server.Agents;
using Sojourn.Tests.Console;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>Finding again what was said and done, over HTTP, with agents that do what their prompts say.</summary>
public sealed class AgentSearchTests : IAsyncLifetime
{
    private static readonly string[] Newest = ["third", "second", "first"];

    private AgentStage _stage = null!;

    public async Task InitializeAsync() => _stage = await AgentStage.StartAsync();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [ProgramFact]
    public async Task What_was_asked_said_done_and_answered_is_found_in_whatever_case()
    {
        await _stage.BeginAsync("chat", "pair", "Tidy up", "say The Löwe sleeps tonight.");
        await TurnsOfAsync("chat", 1);
        await _stage.SendAsync("chat", "prompt", new { text = "tool dotnet test --filter Zebra" });
        await TurnsOfAsync("chat", 2);

        var hits = await AllAsync("q=löWE");
        hits.Select(hit => hit.GetProperty("type").GetString()).ShouldBe(["text-written", "prompt-queued"]);
        var said = hits[0];
        said.GetProperty("session").GetString().ShouldBe("chat");
        said.GetProperty("title").GetString().ShouldBe("Tidy up");
        said.GetProperty("profile").GetString().ShouldBe("pair");
        said.GetProperty("excerpt").GetString().ShouldBe("The Löwe sleeps tonight.");
        Match(said).ShouldBe("Löwe");
        var number = EventOffset.TryParse(said.GetProperty("offset").GetString(), out var offset) ? offset.Number : 0;
        var there = await _stage.Server.SendAsync("GET", $"/v1/agent/chat/events?offset={number - 1}&limit=1");
        there.Text.ShouldContain("Löwe sleeps");

        (await AllAsync("q=zebra")).Select(hit => hit.GetProperty("type").GetString()).ShouldContain("tool-used");
    }

    [ProgramFact]
    public async Task Asks_and_the_words_of_those_who_answered_are_found()
    {
        await _stage.BeginAsync("asks", "pair", prompt: "ask rm -r build");
        await _stage.WaitForAsync("asks", "waiting");
        (await AllAsync("q=rm%20-R%20build")).Select(hit => hit.GetProperty("type").GetString())
            .ShouldBe(["ask-opened", "prompt-queued"]);
        var ask = (await _stage.Server.SendAsync("GET", "/v1/agent/asks"))["state"].GetProperty("asks")[0];
        var no = ask.GetProperty("choices").EnumerateArray().First(each => !each.GetProperty("allows").GetBoolean());

        await _stage.SendAsync("asks", "answer-ask", new
        {
            ask = ask.GetProperty("id").GetString(),
            choice = no.GetProperty("id").GetString(),
            message = "Use the clean target.",
        });

        (await AllAsync("q=clean%20TARGET")).Select(hit => hit.GetProperty("type").GetString())
            .ShouldContain("ask-answered");
    }

    [ProgramFact]
    public async Task A_terminal_is_searched_with_the_lines_above_its_screen_while_it_lives_and_after()
    {
        await _stage.BeginAsync("shell", title: "A shell");
        await _stage.WaitForAsync("shell", "idle");
        await _stage.TypeAsync("shell", "echo needle-in-$((40+2)); seq 200; exit 3\n");
        await _stage.WaitForAsync("shell", "ended");

        var hit = (await AllAsync("q=Needle-in-42")).ShouldHaveSingleItem();

        hit.GetProperty("type").GetString().ShouldBe("screen");
        hit.TryGetProperty("offset", out _).ShouldBeFalse();
        Match(hit).ShouldBe("needle-in-42");
        var screen = await _stage.Server.SendAsync("GET", "/v1/agent/shell/screen");
        screen["text"].GetString()!.ShouldNotContain("needle-in-42");
        (await AllAsync("q=needle-in-43")).ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task Marks_of_patterns_are_plain_text()
    {
        await _stage.BeginAsync("chat", "pair", prompt: "say a.*b (c|d) [e] 100% \\d+ $1");
        await TurnsOfAsync("chat", 1);
        foreach (var text in (string[])["a.*b", "(c|d)", "[e]", "100%", "\\d+", "$1"])
            (await AllAsync($"q={Uri.EscapeDataString(text)}")).Count.ShouldBe(2, text);
        foreach (var text in (string[])["a..b", "(.|d)", "[^e]", "%", "_", "\\d\\d"])
            (await AllAsync($"q={Uri.EscapeDataString(text)}")).Count.ShouldBe(text == "%" ? 2 : 0, text);
    }

    [ProgramFact]
    public async Task Only_ones_own_sessions_are_found_but_an_operator_may_ask_for_anothers()
    {
        var key = (await _stage.Server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString();
        using var bob = _stage.Server.Client(key);
        await _stage.BeginAsync("mine", "pair", prompt: "say secret word");
        await TurnsOfAsync("mine", 1);

        async Task<Reply> AsBobAsync(string query) =>
            await ServerUnderTest.SendAsync(bob, new HttpRequestMessage(HttpMethod.Get, $"/v1/agent/search?{query}"));
        (await AsBobAsync("q=secret")).Json.GetProperty("hits").GetArrayLength().ShouldBe(0);
        (await AsBobAsync("q=secret&session=mine")).ShouldBeProblem(404, "not-found");
        (await AsBobAsync("q=secret&owner=local")).ShouldBeProblem(403, "forbidden");
        (await AllAsync("q=secret&owner=bob")).ShouldBeEmpty();
        (await AllAsync("q=secret&owner=local")).Count.ShouldBe(2);
        var cursor = (await SearchAsync("q=secret&limit=1"))["next"].GetString();
        (await AsBobAsync($"q=secret&limit=1&cursor={cursor}")).ShouldBeProblem(400, "invalid-parameter");
    }

    [ProgramFact]
    public async Task Pages_give_each_hit_once_the_newest_first_whatever_their_size()
    {
        foreach (var id in (string[])["first", "second", "third"])
        {
            await _stage.BeginAsync(id, "pair", prompt: "wait here");
            await _stage.WaitForAsync(id, "running");
            foreach (var number in Enumerable.Range(1, 6))
                await _stage.SendAsync(id, "prompt", new { text = $"say word {id} {number}" });
        }

        var expected = Newest.SelectMany(id => Enumerable.Range(2, 5).Reverse().Select(n => $"say word {id} {n}"));
        foreach (var limit in (int[])[1, 2, 4, 5, 7, 100])
        {
            var hits = await AllAsync($"q=WORD&limit={limit}");
            hits.Select(hit => hit.GetProperty("excerpt").GetString()).ShouldBe(expected, $"{limit}");
            hits.Where(hit => hit.GetProperty("moreInSession").GetBoolean())
                .Select(hit => hit.GetProperty("session").GetString()).ShouldBe(Newest);
        }

        foreach (var limit in (int[])[1, 5, 6, 7])
        {
            var hits = await AllAsync($"q=word&session=second&limit={limit}");
            hits.Select(hit => hit.GetProperty("excerpt").GetString())
                .ShouldBe(Enumerable.Range(1, 6).Reverse().Select(number => $"say word second {number}"));
        }
    }

    [ProgramFact]
    public async Task Pages_go_on_though_sessions_come_and_go_between_them()
    {
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            await _stage.BeginAsync(id, "pair", prompt: "say word");
            await TurnsOfAsync(id, 1);
        }

        var first = await SearchAsync("q=word&limit=3");
        SessionsOf(first).ShouldBe(["d", "d", "c"]);
        await _stage.BeginAsync("e", "pair", prompt: "say word");
        await TurnsOfAsync("e", 1);
        var second = await SearchAsync($"q=word&limit=2&cursor={first["next"].GetString()}");
        SessionsOf(second).ShouldBe(["c", "b"]);
        await _stage.SendAsync("b", "stop");
        await _stage.WaitForAsync("b", "ended");
        (await _stage.Server.SendAsync("DELETE", "/v1/agent/b")).Status.ShouldBe(HttpStatusCode.NoContent);

        var third = await SearchAsync($"q=word&cursor={second["next"].GetString()}");

        SessionsOf(third).ShouldBe(["a", "a"]);
        third["complete"].GetBoolean().ShouldBeTrue();
        third.Has("next").ShouldBeFalse();
    }

    [ProgramFact]
    public async Task One_request_reads_8_MiB_and_says_where_the_next_goes_on()
    {
        await _stage.BeginAsync("long", "pair", prompt: "wait here");
        await _stage.WaitForAsync("long", "running");
        await _stage.SendAsync("long", "prompt", new { text = "say needle" });
        var filling = new string('x', 200_000);
        foreach (var _ in Enumerable.Range(0, 60))
            await _stage.SendAsync("long", "prompt", new { text = filling });

        var first = await SearchAsync("q=needle");
        first["hits"].GetArrayLength().ShouldBe(0);
        first["complete"].GetBoolean().ShouldBeFalse();
        var (page, found) = (first, new List<string?>());
        // On a busy machine a request ends with its time, before its bytes.
        while (page.Has("next"))
        {
            page = await SearchAsync($"q=needle&cursor={page["next"].GetString()}");
            found.AddRange(Excerpts(page));
        }

        found.ShouldBe(["say needle"]);
        page["complete"].GetBoolean().ShouldBeTrue();
    }

    [ProgramFact]
    public async Task However_slow_it_is_each_request_comes_further_and_nothing_is_missed_or_told_twice()
    {
        foreach (var id in (string[])["first", "second", "third"])
        {
            await _stage.BeginAsync(id, "pair", prompt: "say word");
            await TurnsOfAsync(id, 1);
        }

        var services = _stage.Server.Services;
        var search = new AgentSearch(services.GetRequiredService<SojournEngine>(),
            services.GetRequiredService<AgentHost>(), services.GetRequiredService<AgentScreens>(), new SlowClock());
        var asked = new AgentQuestion("word", OwnerId.Local, null);
        SearchPlace? place = null;
        List<string> found = [];
        var pages = 0;
        for (var isOver = false; !isOver; pages++)
        {
            var page = await search.SearchAsync(asked, place, 100, default);
            found.AddRange(page.Hits.Select(hit => $"{hit.Session} {hit.Type}"));
            isOver = page.Complete;
            if (!isOver)
                SearchPlace.TryParse(page.Next!, asked, out place).ShouldBeTrue();
        }

        pages.ShouldBe(4);
        found.ShouldBe(Newest.SelectMany(id => (string[])[$"{id} text-written", $"{id} prompt-queued"]));
    }

    [ProgramFact]
    public async Task One_request_looks_at_2000_sessions()
    {
        await using var stage = await AgentStage.StartAsync(options =>
        {
            options.MaxSessions = 3000;
            options.Profiles = [new() { Name = "none", Protocol = AgentProtocol.Acp, Command = "/nowhere/at-all" }];
        });
        var engine = stage.Server.Services.GetRequiredService<SojournEngine>();
        foreach (var each in Enumerable.Range(0, 2001).Chunk(100))
        {
            await Task.WhenAll(each.Select(async number => (await engine.CreateAsync(
                new StartAgent("none", Prompt: number == 0 ? "needle" : null), new CreateOptions
                {
                    Id = SessionId.Parse($"n{number / 100:d2}-{number}"),
                })).IsAccepted.ShouldBeTrue()));
        }

        var first = await stage.Server.SendAsync("GET", "/v1/agent/search?q=needle");

        first["complete"].GetBoolean().ShouldBeFalse();
        (await AllAsync("q=needle", stage.Server)).ShouldHaveSingleItem();
    }

    [ProgramFact]
    public async Task What_it_cannot_be_asked_it_says()
    {
        var longest = new string('x', 200);
        (await SearchAsync($"q={longest}"))["hits"].GetArrayLength().ShouldBe(0);
        (await SearchAsync("q=x&limit=100"))["complete"].GetBoolean().ShouldBeTrue();
        var other = new SearchPlace(new AgentQuestion("y", OwnerId.Local, null).Name, null, 0, "a", 1, 0);
        var strange = new SearchPlace(new AgentQuestion("x", OwnerId.Local, null).Name, "what", 0, "a", 1, 0);
        var negative = strange with { List = null, Before = -1 };
        foreach (var query in (string[])["", "q=", $"q={longest}x", "q=x&q=y", "q=x&limit=0", "q=x&limit=101",
            "q=x&limit=x", "q=x&cursor=", "q=x&cursor=what", "q=x&cursor=e30", $"q=x&cursor={other}",
            $"q=x&cursor={strange}", $"q=x&cursor={negative}", "q=x&kind=agent"])
        {
            (await SearchAsync(query)).ShouldBeProblem(400, "invalid-parameter");
        }

        (await SearchAsync("q=x&session=A%20B")).ShouldBeProblem(400, "invalid-id");
        (await SearchAsync("q=x&session=nobody")).ShouldBeProblem(404, "not-found");
    }

    [ProgramFact]
    public async Task No_agent_is_called_as_a_path_of_the_servers_and_who_tries_is_told()
    {
        foreach (var word in (string[])["profiles", "search"])
        {
            var refused = await _stage.Server.SendAsync("PUT", $"/v1/agent/{word}", """{"profile": "shell"}""");
            refused.ShouldBeProblem(422, "invalid");
            refused.Detail!.ShouldContain($"'{word}'");
            (await _stage.Server.SendAsync("DELETE", $"/v1/agent/{word}")).ShouldBeProblem(404, "not-found");
            var fault = Should.Throw<SojournException>(() => new AgentKind(new AgentOptions
            {
                Profiles = [new() { Name = word, Protocol = AgentProtocol.Terminal, Command = "sh" }],
            }));
            fault.Message.ShouldContain($"A profile cannot be called '{word}'");
        }

        (await _stage.Server.SendAsync("GET", "/v1/agent/profiles"))["profiles"].GetArrayLength().ShouldBe(3);
    }

    /// <summary>Completes once an agent has come to the end of so many turns.</summary>
    private async Task TurnsOfAsync(string id, int turns)
    {
        using var client = new SojournClient(new() { Url = _stage.Server.Url, Key = ServerUnderTest.Key });
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        await foreach (var news in client.WatchAsync("agent", id, null, patience.Token))
        {
            if (news is Sojourn.Client.SessionEvent { Type: "turn-ended" } && --turns == 0)
                return;
        }
    }

    private static string Match(JsonElement hit) => hit.GetProperty("excerpt").GetString()!
        .Substring(hit.GetProperty("matchAt").GetInt32(), hit.GetProperty("matchLength").GetInt32());

    private static IEnumerable<string?> SessionsOf(Reply page) =>
        page["hits"].EnumerateArray().Select(hit => hit.GetProperty("session").GetString());

    private static IEnumerable<string?> Excerpts(Reply page) =>
        page["hits"].EnumerateArray().Select(hit => hit.GetProperty("excerpt").GetString());

    private Task<Reply> SearchAsync(string query) => _stage.Server.SendAsync("GET", $"/v1/agent/search?{query}");

    private Task<List<JsonElement>> AllAsync(string query) => AllAsync(query, _stage.Server);

    /// <summary>All hits, page after page.</summary>
    private static async Task<List<JsonElement>> AllAsync(string query, ServerUnderTest server)
    {
        var hits = new List<JsonElement>();
        var cursor = "";
        while (true)
        {
            var page = await server.SendAsync("GET", $"/v1/agent/search?{query}{cursor}");
            ((int)page.Status).ShouldBe(200, page.Text);
            hits.AddRange(page["hits"].EnumerateArray());
            page.Has("next").ShouldBe(!page["complete"].GetBoolean());
            if (!page.Has("next"))
                return hits;
            cursor = $"&cursor={page["next"].GetString()}";
        }
    }

    /// <summary>Each look at it takes more than the second that a request has.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency * 2);
    }
}
