using System.Collections.Frozen;

namespace Sojourn.Engine;

/// <summary>The kinds, found by whatever names them. What is ambiguous is refused when the engine is built.</summary>
internal static class KindTable
{
    public static FrozenDictionary<string, KindRuntime> ByName(IReadOnlyList<Kind> kinds, Accounts accounts)
    {
        var named = kinds.GroupBy(kind => kind.Name, StringComparer.Ordinal);
        if (named.FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new SojournException($"Two kinds are named '{twice.Key}'.");
        }

        return kinds.Select((kind, index) => new KindRuntime(kind.BuildRules(), index, accounts))
            .ToFrozenDictionary(kind => kind.Name);
    }

    public static FrozenDictionary<Type, (KindRuntime Kind, CommandRule Rule)> ByCommand(IEnumerable<KindRuntime> kinds)
    {
        var rules = new Dictionary<Type, (KindRuntime, CommandRule)>();
        foreach (var kind in kinds)
        {
            foreach (var rule in kind.Rules.Commands.Values)
            {
                if (!rules.TryAdd(rule.CommandType, (kind, rule)))
                {
                    throw new SojournException(
                        $"The command {rule.CommandType.Name} belongs to two kinds; a command's type tells its kind.");
                }
            }
        }

        return rules.ToFrozenDictionary();
    }

    public static FrozenDictionary<Type, KindRuntime> ByState(IEnumerable<KindRuntime> kinds)
    {
        var states = new Dictionary<Type, KindRuntime>();
        foreach (var kind in kinds)
        {
            if (!states.TryAdd(kind.Rules.StateType, kind))
            {
                throw new SojournException(
                    $"{kind.Rules.StateType.Name} is the state of two kinds; a state's type tells its kind.");
            }
        }

        return states.ToFrozenDictionary();
    }

    public static KindDescription Describe(KindRuntime kind) => new(
        kind.Name,
        kind.Policy,
        kind.Rules.Start.StartType,
        kind.Rules.StateType,
        kind.CommandsByName.Values.Where(rule => !rule.ForDriver).ToFrozenDictionary(
            rule => rule.Name, rule => new CommandDescription(rule.Name, rule.CommandType, rule.ReplyType)))
    {
        Events = kind.Rules.Events,
    };
}
