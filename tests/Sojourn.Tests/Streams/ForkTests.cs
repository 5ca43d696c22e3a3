using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Streams;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>What a crash between the commits of a fork leaves, and what becomes of it.</summary>
public sealed class ForkTests : IAsyncLifetime
{
    private static readonly SessionKey Source = Key("source");

    private ServerUnderTest _server = null!;

    private SojournEngine Engine => _server.Services.GetRequiredService<SojournEngine>();

    private StreamForks Forks => _server.Services.GetRequiredService<StreamForks>();

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        (await PutAsync("source", "one")).Status.ShouldBe(HttpStatusCode.Created);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_note_of_a_fork_that_never_began_does_not_keep_a_deleted_source()
    {
        await NoteAsync("never");
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync("source")).ShouldBe(404);
    }

    [Fact]
    public async Task A_note_left_by_a_fork_that_is_gone_is_found_when_the_server_looks_through_the_deleted()
    {
        await NoteAsync("lost");
        (await Engine.SendAsync(Source, new DeleteStream())).IsAccepted.ShouldBeTrue();
        (await StatusAsync("source")).ShouldBe(410);

        await _server.Services.GetServices<IHostedService>().OfType<ForkKeeper>().Single().LookAsync(default);
        (await StatusAsync("source")).ShouldBe(404);
    }

    [Fact]
    public async Task What_a_living_fork_has_of_a_deleted_source_is_kept_when_the_server_looks_through_the_deleted()
    {
        (await ForkAsync("fork")).Status.ShouldBe(HttpStatusCode.Created);
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);

        await _server.Services.GetServices<IHostedService>().OfType<ForkKeeper>().Single().LookAsync(default);
        (await StatusAsync("source")).ShouldBe(410);
        (await _server.SendAsync("GET", "/v1/streams/fork")).Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_fork_whose_source_went_before_it_began_goes_too()
    {
        var plan = await PlanAsync();
        // Between the note and the fork somebody deletes the source: there is no fork yet, so it goes.
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);
        await BeginAsync(plan);

        (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldNotBeNull().Type.ShouldBe(ProblemTypes.NotFound);
        (await StatusAsync("fork")).ShouldBe(404);
    }

    [Fact]
    public async Task A_fork_whose_source_was_deleted_for_good_meanwhile_is_told_so_and_goes()
    {
        (await ForkAsync("other")).Status.ShouldBe(HttpStatusCode.Created);
        var plan = await PlanAsync();
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);
        await BeginAsync(plan);

        var told = (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldNotBeNull();
        (told.Status, told.Code).ShouldBe((409, "source-deleted"));
        (await StatusAsync("fork")).ShouldBe(404);
    }

    [Fact]
    public async Task A_fork_that_was_there_when_its_source_was_deleted_stays()
    {
        var plan = await PlanAsync();
        await BeginAsync(plan);
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldBeNull();
        (await _server.SendAsync("GET", "/v1/streams/fork")).Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_fork_that_cannot_be_confirmed_now_stays_since_its_source_has_noted_it()
    {
        var plan = await PlanAsync();
        await BeginAsync(plan);
        _server.Store.Commits = new IOException("No space left on device");
        (await Forks.ConfirmAsync(plan, Key("fork"))).ShouldBeNull();

        _server.Store.Commits = null;
        (await _server.SendAsync("GET", "/v1/streams/fork")).Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_now_is_not_said_to_be_gone()
    {
        _server.Store.Damaged = Key("unread");
        (await _server.SendAsync("PUT", "/v1/streams/fork", null, ("Stream-Forked-From", "/v1/streams/unread")))
            .ShouldBeProblem(500, "damaged");
    }

    [Fact]
    public async Task What_a_fork_had_from_a_source_that_is_gone_is_gone_and_its_own_is_read_where_the_answer_says()
    {
        await OrphanAsync();
        await PostAsync("fork", "own");

        foreach (var offset in (string[])["-1", "0000000000000000_0000000000000000"])
        {
            var read = await _server.SendAsync("GET", $"/v1/streams/fork?offset={offset}");
            var gone = read.ShouldBeProblem(410, "gone");
            gone["code"].GetString().ShouldBe("source-gone");
            var next = gone.Detail!.Split("Read on from ")[1].Split(',')[0];
            (await _server.SendAsync("GET", $"/v1/streams/fork?offset={next}")).Text.ShouldBe("own");
        }
    }

    [Fact]
    public async Task A_fork_never_shows_what_another_stream_of_its_sources_name_holds()
    {
        await OrphanAsync();
        (await PutAsync("source", "another")).Status.ShouldBe(HttpStatusCode.Created);

        (await _server.SendAsync("GET", "/v1/streams/fork")).ShouldBeProblem(410, "gone");
    }

    [Fact]
    public async Task Forks_of_forks_share_what_they_share_and_go_their_own_ways()
    {
        (await ForkAsync("fork")).Status.ShouldBe(HttpStatusCode.Created);
        await PostAsync("source", "SOURCE");
        await PostAsync("fork", "two");
        (await ForkAsync("second", "fork")).Status.ShouldBe(HttpStatusCode.Created);
        await PostAsync("fork", "FORK");
        await PostAsync("second", "three");

        (await _server.SendAsync("GET", "/v1/streams/source")).Text.ShouldBe("oneSOURCE");
        (await _server.SendAsync("GET", "/v1/streams/fork")).Text.ShouldBe("onetwoFORK");
        (await _server.SendAsync("GET", "/v1/streams/second")).Text.ShouldBe("onetwothree");
    }

    private static SessionKey Key(string name) => new(StreamKind.KindName, OwnerId.Local, name);

    /// <summary>What is left if the server dies after the fork began and before it was confirmed.</summary>
    private async Task OrphanAsync()
    {
        var plan = await PlanAsync();
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);
        await BeginAsync(plan);
    }

    /// <summary>The first half of a fork: its source has noted it.</summary>
    private async Task<ForkPlan> PlanAsync()
    {
        var creation = new StreamCreation("fork", Key("fork")) { Source = "source" };
        var (plan, problem) = await Forks.PrepareAsync(creation, default);
        problem.ShouldBeNull();
        return plan!;
    }

    /// <summary>The second half.</summary>
    private async Task BeginAsync(ForkPlan plan) => (await Engine.CreateAsync(
        StreamKind.KindName, new CreateStream("fork", "text/plain") { Fork = plan.Fork },
        new CreateOptions { Id = "fork" })).IsAccepted.ShouldBeTrue();

    private async Task NoteAsync(string fork)
    {
        var source = (DurableStream)(await Engine.GetAsync(Source)).Reply.State!;
        (await Engine.SendAsync(Source, new NoteFork(source.Life, fork))).IsAccepted.ShouldBeTrue();
    }

    private async Task<int> StatusAsync(string name) =>
        (int)(await _server.SendAsync("HEAD", $"/v1/streams/{name}")).Status;

    private Task<Reply> ForkAsync(string name, string source = "source") =>
        _server.SendAsync("PUT", $"/v1/streams/{name}", null, ("Stream-Forked-From", $"/v1/streams/{source}"));

    private Task<Reply> PutAsync(string name, string text) => SendAsync(HttpMethod.Put, name, text);

    private async Task PostAsync(string name, string text) =>
        (await SendAsync(HttpMethod.Post, name, text)).Status.ShouldBe(HttpStatusCode.NoContent);

    private async Task<Reply> SendAsync(HttpMethod method, string name, string text)
    {
        using var request = new HttpRequestMessage(method, $"/v1/streams/{name}");
        request.Content = new StringContent(text);
        return await ServerUnderTest.SendAsync(_server.Http, request);
    }
}
