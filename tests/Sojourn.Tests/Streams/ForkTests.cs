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
        var forks = _server.Services.GetRequiredService<StreamForks>();
        var creation = new StreamCreation("fork", Key("fork")) { Source = "source" };
        var (plan, problem) = await forks.PrepareAsync(creation, default);
        problem.ShouldBeNull();
        // Between the note and the fork somebody deletes the source: there is no fork yet, so it goes.
        (await _server.SendAsync("DELETE", "/v1/streams/source")).Status.ShouldBe(HttpStatusCode.NoContent);
        var begun = await Engine.CreateAsync(
            StreamKind.KindName, new CreateStream("fork", "text/plain") { Fork = plan!.Fork },
            new CreateOptions { Id = "fork" });
        begun.IsAccepted.ShouldBeTrue();

        (await forks.ConfirmAsync(plan, Key("fork"))).ShouldNotBeNull().Type.ShouldBe(ProblemTypes.NotFound);
        (await StatusAsync("fork")).ShouldBe(404);
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
