using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>A log that was told to be closed is closed for ever: its readers do not look again.</summary>
public sealed class ClosedLogTests
{
    private const string Log = "/v1/parcel/p/streams/events?offset=";

    [Fact]
    public async Task A_sessions_end_closes_its_logs_and_nothing_is_added_to_them_afterwards()
    {
        await using var server = await StartAsync();
        await SayAsync(server, "deliver");
        var end = await server.SendAsync("GET", $"{Log}-1");
        end.Headers.GetValues("Stream-Closed").ShouldBe(["true"]);
        end.Json.GetArrayLength().ShouldBe(2);

        // Each would add to the log, or begin what adds to it.
        foreach (var command in (string[])["move", "lose", "note"])
        {
            var late = await server.SendAsync("POST", $"/v1/parcel/p/{command}-parcel");
            late.ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("session-ended");
        }

        await SayAsync(server, "sign");
        (await server.SendAsync("GET", $"{Log}{StreamsUnderTest.Next(end)}")).Text.ShouldBe("[]");
        (await server.SendAsync("GET", "/v1/parcel/p"))["state"].GetProperty("signatures").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_log_stays_open_in_a_final_status_that_can_be_left_and_its_reader_gets_what_follows()
    {
        await using var server = await StartAsync();
        await SayAsync(server, "lose");
        (await server.SendAsync("GET", "/v1/parcel/p"))["final"].GetBoolean().ShouldBeTrue();
        var lost = await server.SendAsync("GET", $"{Log}-1&live=long-poll");
        lost.Headers.Contains("Stream-Closed").ShouldBeFalse();
        lost.Headers.Contains("Stream-Up-To-Date").ShouldBeTrue();

        var coming = server.SendAsync("GET", $"{Log}{StreamsUnderTest.Next(lost)}&live=long-poll");
        await SayAsync(server, "move");
        var found = await coming;
        found.Json[0].GetProperty("type").GetString().ShouldBe("seen");
        found.Headers.Contains("Stream-Closed").ShouldBeFalse();
    }

    [Fact]
    public async Task A_log_that_was_closed_is_another_once_its_session_is_begun_anew()
    {
        await using var server = await StartAsync();
        await SayAsync(server, "deliver");
        var end = StreamsUnderTest.Next(await server.SendAsync("GET", $"{Log}-1"));
        (await server.SendAsync("PUT", "/v1/parcel/p?fresh=true")).Status.ShouldBe(HttpStatusCode.Created);

        (await server.SendAsync("GET", $"{Log}{end}")).ShouldBeProblem(410, "gone");
        var anew = await server.SendAsync("GET", $"{Log}-1");
        anew.Headers.Contains("Stream-Closed").ShouldBeFalse();
        anew.Json.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_list_tells_which_sessions_have_ended_for_good()
    {
        await using var server = await StartAsync();
        var engine = (SojournEngine)server.Services.GetService(typeof(SojournEngine))!;
        foreach (var (command, isFinal, isComplete) in new[] { ("lose", true, false), ("deliver", true, true) })
        {
            await SayAsync(server, command);
            var listed = (await engine.ListAsync(new() { Kind = "parcel" })).Sessions.Single();
            (listed.IsFinal, listed.IsComplete).ShouldBe((isFinal, isComplete));
        }
    }

    private static async Task<ServerUnderTest> StartAsync()
    {
        var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddKind<ParcelKind>());
        (await server.SendAsync("PUT", "/v1/parcel/p")).Status.ShouldBe(HttpStatusCode.Created);
        return server;
    }

    private static async Task SayAsync(ServerUnderTest server, string command) =>
        (await server.SendAsync("POST", $"/v1/parcel/p/{command}-parcel")).Status.ShouldBe(HttpStatusCode.OK);
}

public sealed record Parcel(string Status, int Signatures = 0);

public sealed record SendParcel : IStart<Parcel>;

public sealed record MoveParcel : ICommand;

public sealed record LoseParcel : ICommand;

public sealed record DeliverParcel : ICommand;

public sealed record NoteParcel : ICommand;

public sealed record SignParcel : ICommand;

public sealed record Seen(string Status);

/// <summary>A parcel that is lost may be found again; one that is delivered is delivered.</summary>
public sealed class ParcelKind : Kind<Parcel>
{
    public ParcelKind()
        : base("parcel", new Policy
        {
            Statuses =
            [
                new("moving"),
                new("lost") { Final = true, Resumable = true },
                new("delivered") { Final = true },
            ],
        })
    {
        Start<SendParcel>((_, _) => Told(new Parcel("moving")));
        On<MoveParcel>((parcel, _, _) => Told(parcel with { Status = "moving" }));
        On<LoseParcel>((parcel, _, _) => Told(parcel with { Status = "lost" }));
        On<DeliverParcel>((parcel, _, _) => Told(parcel with { Status = "delivered" }));
        On<NoteParcel>((parcel, _, _) => Told(parcel));
        On<SignParcel>((parcel, _, _) => Go(parcel with { Signatures = parcel.Signatures + 1 }));
    }

    protected override string StatusOf(Parcel state) => state.Status;

    private static Step<Parcel> Told(Parcel parcel) => Go(parcel).Event(new Seen(parcel.Status));
}
