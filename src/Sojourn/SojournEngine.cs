using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn;

/// <summary>
/// The engine: sessions of the kinds it was given, on one store. Every member may be called from any thread. Get one
/// from <c>services.AddSojourn()</c>.
/// </summary>
/// <remarks>
/// A token named <c>giveUp</c> ends the caller's waiting. What was asked is then not done if its turn had not come; if
/// it had, it may be: ask again with the same operation id to learn.
/// </remarks>
public sealed partial class SojournEngine : IAsyncDisposable
{
    private readonly EngineParts _parts;

    internal SojournEngine(EngineParts parts) => _parts = parts;

    /// <summary>The kinds, by name.</summary>
    public IReadOnlyDictionary<string, KindDescription> Kinds => _parts.Descriptions;

    /// <summary>Whether the engine takes work now, and if not, why.</summary>
    public SojournHealth Health => new(
        _parts.IsRunning,
        _parts.Committer.IsFailing ? "The store cannot take changes; they are refused until it can." : null);

    /// <summary>Starts a session.</summary>
    /// <param name="start">What begins it; its type tells the kind.</param>
    /// <param name="options">A chosen id, labels and so on; null for none.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <returns>The session. <see cref="Answer{TReply}.IsChange"/> is false if it existed before.</returns>
    public async ValueTask<Answer<SessionView<TState>>> CreateAsync<TState>(
        IStart<TState> start, CreateOptions? options = null, CancellationToken giveUp = default)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(start);
        var answer = await CreateAsync(_parts.KindOfState(typeof(TState)).Name, start, options, giveUp)
            .ConfigureAwait(false);
        return answer.As(view => (SessionView<TState>)view);
    }

    /// <summary>Sends a command.</summary>
    /// <param name="id">The session; the command's type tells its kind.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="options">Owner, operation id, expected version; null for none.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="ArgumentException">No kind has such a command.</exception>
    public ValueTask<Answer<TReply>> SendAsync<TReply>(
        SessionId id, ICommand<TReply> command, SendOptions? options = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (kind, rule) = _parts.RuleOf(command.GetType());
        if (!TryAdmit(kind, options?.Owner ?? default, id, out var problem, options?.IsUpkeep == true))
        {
            return new(new Answer<TReply>(problem));
        }

        var request = NewRequest(kind, rule, id, command, options);
        if (!kind.IsVolatile || giveUp.CanBeCanceled)
        {
            return AwaitAsync(WaitAsync(request, giveUp));
        }

        // A volatile session mostly answers at once, and nobody but this thread knows of the request: it can be used
        // again.
        var answering = _parts.Runner.SubmitAsync(request);
        if (!request.TryTakeAnswer(out var answer))
        {
            return AwaitAsync(answering);
        }

        request.Return();
        return new(answer.As(static reply => (TReply)reply!));

        static async ValueTask<Answer<TReply>> AwaitAsync(ValueTask<Answer<object?>> answering) =>
            (await answering.ConfigureAwait(false)).As(static reply => (TReply)reply!);
    }

    /// <summary>Reads a session.</summary>
    /// <param name="id">The session.</param>
    /// <param name="owner">Whose.</param>
    /// <returns>The session, or <see cref="ProblemTypes.NotFound"/>.</returns>
    public async ValueTask<Answer<SessionView<TState>>> GetAsync<TState>(SessionId id, OwnerId owner = default)
        where TState : class
    {
        var kind = _parts.KindOfState(typeof(TState));
        return (await GetAsync(new SessionKey(kind.Name, owner, id))
            .ConfigureAwait(false)).As(view => (SessionView<TState>)view);
    }

    /// <summary>As <see cref="CreateAsync{TState}"/>, where the kind is known by name only.</summary>
    /// <exception cref="ArgumentException">There is no such kind, or the start is of another one.</exception>
    public async ValueTask<Answer<SessionView>> CreateAsync(
        string kind, object start, CreateOptions? options = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        options ??= new CreateOptions();
        var runtime = _parts.Kind(kind);
        if (start.GetType() != runtime.Rules.Start.StartType)
        {
            throw new ArgumentException(
                $"A session of kind '{kind}' begins with a {runtime.Rules.Start.StartType.Name}.", nameof(start));
        }

        CheckOperationId(options.OperationId);
        var labels = Engine.Labels.Check(options.Labels);
        var given = options.Id is null ? runtime.Rules.IdOf(start) : null;
        var id = options.Id ?? given ?? NewId(runtime, options);
        if (!TryAdmit(runtime, options.Owner, id, out var problem, options.IsUpkeep))
        {
            return new(problem);
        }

        // Who begins the same gets the same session, as the kind says.
        var begin = new Beginning(
            _parts, runtime, given is null ? options : options with { GetIfExists = true }, id);
        return (await begin.RunAsync(start, labels, giveUp).ConfigureAwait(false)).As(view => (SessionView)view!);
    }

    /// <summary>As <see cref="SendAsync{TReply}"/>, where the command's type is not known.</summary>
    /// <exception cref="ArgumentException">The kind has no such command.</exception>
    public ValueTask<Answer<object?>> SendAsync(
        SessionKey session, object command, SendOptions? options = null, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (kind, rule) = _parts.RuleOf(command.GetType());
        if (kind.Name != session.Kind)
        {
            throw new ArgumentException(
                $"{command.GetType().Name} is a command of kind '{kind.Name}'.", nameof(command));
        }

        return TryAdmit(kind, session.Owner, session.Id, out var problem, options?.IsUpkeep == true)
            ? WaitAsync(
                NewRequest(kind, rule, session.Id, command, (options ?? new()) with { Owner = session.Owner }), giveUp)
            : new(new Answer<object?>(problem));
    }

    /// <summary>As <see cref="GetAsync{TState}"/>, where the state's type is not known.</summary>
    public ValueTask<Answer<SessionView>> GetAsync(SessionKey session)
    {
        var kind = _parts.Kind(session.Kind);
        if (kind.Cells.Find(session.Owner, session.Id) is { } cell
            && cell.IsLoaded && cell.Visible is { } visible)
        {
            cell.NoteRead(_parts.Time.GetUtcNow());
            return new(new Answer<SessionView>(cell.View(visible))
            {
                Version = visible.Version,
                DurableVersion = cell.DurableOf(visible),
            });
        }

        return LoadAsync(kind, session);
    }

    /// <summary>Removes a session with all its streams.</summary>
    /// <param name="session">The session.</param>
    /// <param name="expectedVersion">The version it must have; null for any.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async ValueTask<Answer<Nothing>> RemoveAsync(
        SessionKey session, long? expectedVersion = null, CancellationToken giveUp = default)
    {
        var cell = _parts.Kind(session.Kind).CellOf(session.Owner, session.Id);
        var request = new RemoveRequest(cell) { ExpectedVersion = expectedVersion };
        return (await WaitAsync(request, giveUp).ConfigureAwait(false)).As(_ => Nothing.Value);
    }

    /// <summary>
    /// Counts as activity: a session that is used without a command does not look idle. It is a step, without events,
    /// and so a new version. How long it may stay in its status is not changed.
    /// </summary>
    public async ValueTask<Answer<SessionView>> TouchAsync(SessionKey session, CancellationToken giveUp = default)
    {
        var kind = _parts.Kind(session.Kind);
        return TryAdmit(kind, session.Owner, session.Id, out var problem)
            ? (await WaitAsync(new TouchRequest(kind.CellOf(session.Owner, session.Id)), giveUp).ConfigureAwait(false))
                .As(view => (SessionView)view!)
            : new(problem);
    }

    /// <summary>Sets labels, and removes those whose value is null. It is a step, without events.</summary>
    /// <param name="session">The session.</param>
    /// <param name="labels">At most 16 are left on a session, of 64 characters each.</param>
    /// <param name="options">Operation id and expected version; null for none.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="ArgumentException">A name or value is too long or empty.</exception>
    public async ValueTask<Answer<SessionView>> LabelAsync(
        SessionKey session,
        IReadOnlyDictionary<string, string?> labels,
        SendOptions? options = null,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        CheckOperationId(options?.OperationId);
        _ = Engine.Labels.Check(labels.ToDictionary(label => label.Key, label => label.Value ?? ""));
        var kind = _parts.Kind(session.Kind);
        if (!TryAdmit(kind, session.Owner, session.Id, out var problem))
        {
            return new(problem);
        }

        var request = new LabelRequest(kind.CellOf(session.Owner, session.Id), labels)
        {
            OperationId = options?.OperationId,
            ExpectedVersion = options?.ExpectedVersion,
        };
        return (await WaitAsync(request, giveUp).ConfigureAwait(false)).As(view => (SessionView)view!);
    }

    /// <summary>Completes when every step acknowledged before is on disk.</summary>
    /// <exception cref="SojournException">The store cannot take it now. Nothing is lost; it will be tried
    /// again.</exception>
    public Task FlushAsync(CancellationToken giveUp = default) => _parts.Committer.FlushAsync().WaitAsync(giveUp);

    /// <summary>Opens the store and begins to work. Sessions that were busy are taken up again.</summary>
    public Task StartAsync(CancellationToken giveUp = default) => _parts.StartAsync(giveUp);

    /// <summary>
    /// Takes no more work, lets what runs finish, parks the drivers within the options' grace time, writes what is
    /// unwritten, gives leases back and closes the store. A second stop does nothing.
    /// </summary>
    /// <returns>What could not be finished or saved.</returns>
    public Task<StopReport> StopAsync() => _parts.StopAsync();

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    /// <summary>Sessions of a kind that are in memory now.</summary>
    internal int InMemory(string kind) => _parts.Kind(kind).Cells.Count;

    /// <summary>What drives a kind's sessions; null if nothing does.</summary>
    internal Dispatcher? DispatcherOf(string kind) => _parts.Kind(kind).Dispatcher;

    /// <summary>Whether the owner's rate lets one more command in.</summary>
    private bool TryAdmit(
        KindRuntime kind,
        OwnerId owner,
        SessionId id,
        [NotNullWhen(false)] out Problem? problem,
        bool isUpkeep = false)
    {
        if (isUpkeep)
        {
            problem = null;
            return true;
        }

        // Before a cell is made: what is turned away must cost no memory.
        var account = kind.Cells.Find(owner, id)?.Account ?? _parts.Accounts.Of(owner);
        problem = account.TakeCommand(_parts.Time) is { } wait ? Problems.RateLimited(wait) : null;
        return problem is null;
    }

    private static void CheckOperationId(string? id)
    {
        if (id is not null && (id.Length is 0 or > 128 || id.Any(c => c is < ' ' or > '~')))
        {
            throw new ArgumentException("An operation id is 1 to 128 printable ASCII characters.", nameof(id));
        }
    }

    private static SessionId NewId(KindRuntime kind, CreateOptions options)
    {
        // The same operation id must meet the session it made, so the id is derived from it.
        var bits = options.OperationId is { } operation
            ? SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Owner}/{kind.Name}/{operation}"))
            : RandomNumberGenerator.GetBytes(16);
        return Naming.NewId(kind.Name, bits);
    }

    private static SendRequest NewRequest(
        KindRuntime kind, CommandRule rule, SessionId id, object command, SendOptions? options)
    {
        CheckOperationId(options?.OperationId);
        var request = SendRequest.Rent(kind.CellOf(options?.Owner ?? default, id), rule, command);
        request.OperationId = options?.OperationId;
        request.ExpectedVersion = options?.ExpectedVersion;
        request.IsUpkeep = options?.IsUpkeep == true;
        return request;
    }

    private ValueTask<Answer<object?>> WaitAsync(Request request, CancellationToken giveUp)
    {
        request.GiveUp = giveUp;
        if (giveUp.IsCancellationRequested)
        {
            // Its turn comes to nothing, but to the end of a cell that was made for it alone.
            _parts.Runner.Post(request);
            giveUp.ThrowIfCancellationRequested();
        }

        if (EngineMeter.Activities.HasListeners())
        {
            return TraceAsync(request, giveUp);
        }

        var answer = _parts.Runner.SubmitAsync(request);
        return answer.IsCompleted || !giveUp.CanBeCanceled ? answer : new(answer.AsTask().WaitAsync(giveUp));
    }

    private async ValueTask<Answer<object?>> TraceAsync(Request request, CancellationToken giveUp)
    {
        using var activity = EngineMeter.Activities.StartActivity(request.Name);
        activity?.SetTag("sojourn.kind", request.Cell.Kind.Name);
        activity?.SetTag("sojourn.session", request.Cell.Id.ToString());
        var answer = await _parts.Runner.SubmitAsync(request).AsTask().WaitAsync(giveUp).ConfigureAwait(false);
        if (answer.Problem is { } problem)
        {
            activity?.SetStatus(ActivityStatusCode.Error, problem.Type);
        }
        else
        {
            activity?.SetTag("sojourn.version", answer.Version);
        }

        return answer;
    }

    private async ValueTask<Answer<SessionView>> LoadAsync(KindRuntime kind, SessionKey session) =>
        (await _parts.Runner.SubmitAsync(new ReadRequest(kind.CellOf(session.Owner, session.Id))).ConfigureAwait(false))
        .As(view => (SessionView)view!);
}
