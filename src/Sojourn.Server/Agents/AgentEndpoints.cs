using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Agents;

/// <summary>What agents have besides commands: profiles, a search, screens, keystrokes, copies.</summary>
internal sealed class AgentEndpoints(
    SojournEngine engine, AgentHost host, AgentScreens screens, AgentSearch search, SojournServerOptions options)
{
    /// <summary>What a search takes in its address.</summary>
    public static readonly string[] SearchParameters = ["q", "limit", "cursor", "session"];

    /// <summary>What one request types at most.</summary>
    public const int MostKeys = 1 << 20;

    /// <summary>How long keystrokes wait for a program that starts.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    /// <summary>True if the kind is the one that this knows, and not another of its name.</summary>
    public static bool Serve(KindDescription kind) =>
        kind.Name == AgentKind.KindName && kind.StateType == typeof(Agent);

    public async ValueTask<HttpProblem?> ListProfilesAsync(HttpContext context, Caller caller)
    {
        var profiles = host.Options.Profiles.Where(profile => profile.IsFor(caller.Owner))
            .Select(profile => new ProfileShown(profile.Name, profile.Protocol, profile.Mode))
            .OrderBy(profile => profile.Name, StringComparer.Ordinal);
        await Wire.SendAsync(context.Response, new ProfilesShown([.. profiles], host.Places.Taken));
        return null;
    }

    public async ValueTask<HttpProblem?> SearchAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (!TryReadQuestion(request, caller, out var asked, out var fault)
            || !Query.TryReadLimit(request, AgentSearch.MostHits, out var limit, out fault, AgentSearch.UsualHits)
            || !Query.TryRead(request, "cursor", out var cursor, out fault))
        {
            return fault;
        }

        SearchPlace? from = null;
        if (cursor is not null && !SearchPlace.TryParse(cursor, asked, out from))
        {
            return Query.BadCursor();
        }

        try
        {
            var hits = await search.SearchAsync(asked, from, limit, context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            await Wire.SendAsync(context.Response, hits);
            return null;
        }
        catch (Exception strange) when (from is not null && strange is FormatException or OverflowException)
        {
            return Query.BadCursor();
        }
    }

    public async ValueTask<HttpProblem?> SendScreenAsync(HttpContext context, Caller caller)
    {
        var (view, problem) = await ReadAsync(context, caller);
        if (view is null)
        {
            return problem;
        }

        if (view.State.Protocol != AgentProtocol.Terminal)
        {
            return Refused("no-terminal", "This agent has no terminal.");
        }

        var picture = await screens.PictureAsync(view, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        await Wire.SendAsync(context.Response, new ScreenShown(
            picture.Output, picture.Size.Columns, picture.Size.Rows, picture.Text,
            Encoding.UTF8.GetString(picture.Bytes.Span)));
        return null;
    }

    public async ValueTask<HttpProblem?> TypeAsync(HttpContext context, Caller caller)
    {
        var (view, problem) = await ReadAsync(context, caller);
        if (view is null)
        {
            return problem;
        }

        if (view.State.Protocol != AgentProtocol.Terminal)
        {
            return Refused("no-terminal", "This agent takes prompts, not keystrokes.");
        }

        if (!Preconditions.TryReadOperation(context.Request, out var operation, out var fault))
        {
            return fault;
        }

        var keys = await ReadKeysAsync(context.Request);
        if (keys is null)
        {
            return new(ProblemTypes.TooLarge, $"One request types at most {MostKeys:N0} bytes.");
        }

        var typed = await TypeAsync(await TerminalOfAsync(view, context.RequestAborted), operation, keys);
        if (!typed.IsAll)
        {
            return Refused("not-running", typed.Count == 0
                ? "Its program does not run, or does not read what is typed."
                : $"Its program has taken the first {typed.Count:N0} of {keys.Length:N0} bytes and reads no more now. "
                    + "The same request with the same Idempotency-Key goes on from there.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Whoever types at once after the start does not have to know when the program is there.</summary>
    private async Task<LiveTerminal?> TerminalOfAsync(SessionView<Agent> view, CancellationToken gone)
    {
        using var deadline = new CancellationTokenSource(StartPatience, host.Time);
        await using var leaving = gone.Register(deadline.Cancel);
        return await host.Live.TerminalOfAsync(
            view.Key,
            async () => await engine.GetAsync<Agent>(view.Key.Id, view.Key.Owner) is { IsAccepted: true } answer
                && (answer.Reply.State.IsLive || answer.Reply.State.Status == AgentStatus.Starting),
            deadline.Token);
    }

    /// <summary>A request that is broken off is typed all the same: its key tells how far it is.</summary>
    private static async Task<TypedKeys> TypeAsync(LiveTerminal? terminal, string? operation, byte[] keys)
    {
        if (terminal is null)
        {
            return default;
        }

        if (operation is not null)
        {
            return await terminal.TypeAsync(new Typist(TypistKind.Request, operation), number: 0, keys);
        }

        var count = await terminal.TypeAsync(keys);
        return new(count, count == keys.Length);
    }

    public async ValueTask<HttpProblem?> ForkAsync(HttpContext context, Caller caller)
    {
        var (view, problem) = await ReadAsync(context, caller);
        if (view is null)
        {
            return problem;
        }

        if (!Preconditions.TryReadOperation(context.Request, out var operation, out var fault))
        {
            return fault;
        }

        var body = await RequestBody.ReadAsync(context.Request, typeof(ForkAgent), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        if (view.State is not { Conversation: { } conversation, Protocol: not AgentProtocol.Terminal } source)
        {
            return Refused("nothing-to-fork", "There is no conversation to copy yet; a terminal has none.");
        }

        var start = new StartAgent(
            source.Profile, ((ForkAgent)body.Value!).Title ?? source.Title, source.Directory)
        { ForkOf = conversation };
        var answer = await engine.CreateAsync(
            start, new CreateOptions { Owner = caller.Owner, OperationId = operation }, CancellationToken.None);
        if (!answer.IsAccepted)
        {
            return HttpProblem.Of(answer.Problem);
        }

        if (!answer.IsChange && !answer.IsReplay)
        {
            return Refused("shared", "Its profile has one session for all, so there can be no copy beside it.");
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = $"{context.Request.PathBase}/v1/{AgentKind.KindName}/{answer.Reply.Key.Id}";
        response.Headers.ETag = Preconditions.ETag(answer.Reply.Version);
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        SessionJson.Write(buffer.Json, answer.Reply, engine.Kinds[AgentKind.KindName]);
        await buffer.SendAsync(response);
        return null;
    }

    private static bool TryReadQuestion(
        HttpRequest request, Caller caller, [NotNullWhen(true)] out AgentQuestion? asked, out HttpProblem? problem)
    {
        asked = null;
        if (!Query.TryRead(request, "q", out var text, out problem)
            || !Query.TryRead(request, "session", out var name, out problem))
        {
            return false;
        }

        if (text is not { Length: > 0 and <= AgentSearch.LongestText })
        {
            problem = HttpProblem.BadParameter("q", $"'q' must be 1 to {AgentSearch.LongestText} characters.");
            return false;
        }

        SessionId id = default;
        if (name is not null && !SessionId.TryParse(name, out id))
        {
            problem = Route.BadId();
            return false;
        }

        asked = new AgentQuestion(text, caller.Owner, name is null ? default(SessionId?) : id);
        return true;
    }

    private async ValueTask<(SessionView<Agent>? View, HttpProblem? Problem)> ReadAsync(
        HttpContext context, Caller caller)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return (null, Route.BadId());
        }

        var answer = await engine.GetAsync<Agent>(id, caller.Owner);
        return answer.IsAccepted ? (answer.Reply, null) : (null, HttpProblem.Of(answer.Problem));
    }

    private static async ValueTask<byte[]?> ReadKeysAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (read.Buffer.Length > MostKeys)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var keys = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return keys;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static HttpProblem Refused(string code, string detail) => new(ProblemTypes.Refused, detail) { Code = code };
}

/// <summary>What may be started.</summary>
/// <param name="Profiles">By name.</param>
/// <param name="Running">How many programs live, of all owners.</param>
internal sealed record ProfilesShown(IReadOnlyList<ProfileShown> Profiles, int Running);

/// <summary>A program that sessions may run.</summary>
/// <param name="Name">What to start it by.</param>
/// <param name="Protocol">How it is spoken with.</param>
/// <param name="Mode">A session for each start, or one for all.</param>
internal sealed record ProfileShown(string Name, AgentProtocol Protocol, AgentMode Mode);

/// <summary>How a terminal looks.</summary>
/// <param name="Output">The last entry of the stream <c>output</c> that it covers; 0 for none.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Text">What is to be read on it.</param>
/// <param name="Picture">What draws it on an empty terminal of that size.</param>
internal sealed record ScreenShown(long Output, int Columns, int Rows, string Text, string Picture);

/// <summary>Begins a session with a copy of another's conversation.</summary>
/// <param name="Title">What people call it; default as the other.</param>
internal sealed record ForkAgent(string? Title = null);
