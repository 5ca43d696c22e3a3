using System.Collections.Frozen;

namespace Sojourn;

/// <summary>
/// A sort of session: its name, its limits, and its pure rules. Derive from <see cref="Kind{TState}"/>.
/// </summary>
public abstract class Kind
{
    private protected Kind(string name, Policy? policy)
    {
        Name = name;
        Policy = policy ?? new Policy();
    }

    /// <summary>The kind's name on the wire and in the store: 1 to 32 of a-z, 0-9 and '-'.</summary>
    public string Name { get; }

    /// <summary>The kind's limits.</summary>
    public Policy Policy { get; }

    internal abstract KindRules BuildRules();
}

/// <summary>
/// The rule book of one sort of session. A rule is a pure function of the state, the command and the
/// context: it reads no clock, no chance, no disk, and may be asked again for the same command. States are
/// immutable records that System.Text.Json can write and read.
/// </summary>
/// <example>
/// <code>
/// public sealed record Counter(long Total);
/// public sealed record NewCounter(long From = 0) : IStart&lt;Counter&gt;;
/// public sealed record Increment(long By) : ICommand&lt;long&gt;;
///
/// public sealed class CounterKind : Kind&lt;Counter&gt;
/// {
///     public CounterKind() : base("counter")
///     {
///         Start&lt;NewCounter&gt;((start, context) => Go(new Counter(start.From)));
///         On&lt;Increment, long&gt;((counter, increment, context) =>
///             Go(new Counter(counter.Total + increment.By)).Reply(counter.Total + increment.By));
///     }
/// }
/// </code>
/// </example>
public abstract class Kind<TState> : Kind
    where TState : class
{
    private readonly List<CommandRule> _commands = [];
    private readonly HashSet<Type> _events = [];
    private StartRule? _start;

    /// <summary>Names the kind.</summary>
    /// <param name="name">1 to 32 of a-z, 0-9 and '-', beginning with a letter.</param>
    /// <param name="policy">Its limits; null for the defaults.</param>
    protected Kind(string name, Policy? policy = null)
        : base(name, policy)
    {
    }

    /// <summary>
    /// The id of a session that is begun without one, where what begins it decides: who begins the same gets the same
    /// session. Null (the default) for a new id.
    /// </summary>
    protected virtual SessionId? IdOf(IStart<TState> start) => null;

    /// <summary>Which of the policy's statuses a state has. Default: the first listed.</summary>
    protected virtual string StatusOf(TState state) => Policy.Statuses[0].Name;

    /// <summary>
    /// When the engine is to call <see cref="Wake"/> if nothing happens before; null (default) for never.
    /// </summary>
    protected virtual DateTimeOffset? WakeAt(TState state) => null;

    /// <summary>
    /// What happens at <see cref="WakeAt"/>. The step must move <see cref="WakeAt"/> on; otherwise the engine asks
    /// again after a growing pause.
    /// </summary>
    protected virtual Step<TState> Wake(TState state, RuleContext context) => Go(state);

    /// <summary>
    /// What happens when the driver's code ends, well or with an error, while the session is still busy. Default:
    /// nothing, so that the session is driven again after a growing pause.
    /// </summary>
    protected virtual Step<TState> DriverEnded(TState state, DriverExit exit, RuleContext context) => Go(state);

    /// <summary>Declares how a session begins. Exactly one a kind.</summary>
    protected void Start<TStart>(Func<TStart, RuleContext, Step<TState>> rule)
        where TStart : class, IStart<TState>
    {
        if (_start is not null)
        {
            throw new SojournException($"The kind '{Name}' declares two starts; it can have one.");
        }

        _start = new StartRule(typeof(TStart), (start, context) => Outcome.Of(rule((TStart)start, context)));
    }

    /// <summary>Declares a command that anybody may send who may reach the session.</summary>
    protected void On<TCommand, TReply>(Func<TState, TCommand, RuleContext, Step<TState, TReply>> rule)
        where TCommand : class, ICommand<TReply> => Add(rule, forDriver: false);

    /// <summary>Declares a command without a reply that anybody may send who may reach the session.</summary>
    protected void On<TCommand>(Func<TState, TCommand, RuleContext, Step<TState>> rule)
        where TCommand : class, ICommand => Add(WithoutReply(rule), forDriver: false);

    /// <summary>Declares a command that only code in this process may send: the driver's reports.</summary>
    protected void OnDriver<TCommand>(Func<TState, TCommand, RuleContext, Step<TState>> rule)
        where TCommand : class, ICommand => Add(WithoutReply(rule), forDriver: true);

    /// <summary>
    /// Declares a type of event that the rules make, so that it is described to clients. A kind declares all of its
    /// events or none: once one is declared, a step with any other fails its command.
    /// </summary>
    protected void Emits<TEvent>()
        where TEvent : class => _events.Add(typeof(TEvent));

    /// <summary>
    /// Accepts: the session's next state (the same object if only events or nothing are to be added).
    /// </summary>
    protected static Step<TState> Go(TState next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new Step<TState>(next);
    }

    /// <summary>Says no because of the state the session is in.</summary>
    /// <param name="code">Stable, in kebab case, for programs.</param>
    /// <param name="message">A sentence that says what helps.</param>
    protected static Refusal Refuse(string code, string message) => new(code, message);

    /// <summary>Says no because a parameter could never be accepted.</summary>
    /// <param name="field">The parameter, in camelCase as on the wire.</param>
    /// <param name="code">Stable, in kebab case, for programs.</param>
    /// <param name="message">A sentence that says what would be accepted.</param>
    protected static Refusal Invalid(string field, string code, string message) =>
        new(code, message) { Field = field, IsInvalid = true };

    internal sealed override KindRules BuildRules()
    {
        var faults = Policy.Faults().ToList();
        if (!Naming.IsKindName(Name) || Name is "streams" or "sessions" or "stats" or "keys" or "admin")
        {
            faults.Insert(0, $"'{Name}' is not a kind's name: use 1 to 32 of a-z, 0-9 and '-', beginning with a "
                + "letter, and not 'streams', 'sessions', 'stats', 'keys' or 'admin'.");
        }

        if (_start is null)
        {
            faults.Add("it declares no start; call Start<…>(…) in its constructor.");
        }

        faults.AddRange(_commands.GroupBy(rule => rule.Name, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"the command '{same.Key}' is declared twice."));
        faults.AddRange(_events.GroupBy(WireName.Of, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"two of its events are named '{same.Key}'."));
        if (faults.Count > 0)
        {
            throw new SojournException($"The kind '{Name}' cannot be used: {string.Join(" ", faults)}");
        }

        return new KindRules(
            this,
            typeof(TState),
            _start! with { Decide = (start, context) => Checked(_start.Decide(start, context)) },
            _commands.ToFrozenDictionary(rule => rule.CommandType, rule => rule with
            {
                Decide = (state, command, context) => Checked(rule.Decide(state, command, context)),
            }),
            _events.ToFrozenDictionary(WireName.Of, StringComparer.Ordinal),
            start => IdOf((IStart<TState>)start),
            state => StatusOf((TState)state),
            state => WakeAt((TState)state),
            (state, context) => Checked(Outcome.Of(Wake((TState)state, context))),
            (state, exit, context) => Checked(Outcome.Of(DriverEnded((TState)state, exit, context))),
            static () => new SessionView<TState>());
    }

    private Outcome Checked(Outcome outcome)
    {
        foreach (var happened in _events.Count == 0 ? [] : outcome.Events)
        {
            if (!_events.Contains(happened.GetType()))
            {
                throw new InvalidOperationException($"The kind '{Name}' does not declare the event "
                    + $"{happened.GetType().Name}; add Emits<{happened.GetType().Name}>() to its constructor.");
            }
        }

        return outcome;
    }

    private static Func<TState, TCommand, RuleContext, Step<TState, Nothing>> WithoutReply<TCommand>(
        Func<TState, TCommand, RuleContext, Step<TState>> rule) =>
        (state, command, context) => rule(state, command, context).Reply(Nothing.Value);

    private void Add<TCommand, TReply>(Func<TState, TCommand, RuleContext, Step<TState, TReply>> rule, bool forDriver)
        where TCommand : class => _commands.Add(new CommandRule(
            WireName.Of(typeof(TCommand)),
            typeof(TCommand),
            typeof(TReply),
            forDriver,
            (state, command, context) => Outcome.Of(rule((TState)state, (TCommand)command, context))));
}
