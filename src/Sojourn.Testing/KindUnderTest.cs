using System.Text.Json;

namespace Sojourn.Testing;

/// <summary>A kind's rules and limits, without an engine around them.</summary>
internal sealed class KindUnderTest(KindRules rules)
{
    public KindRules Rules => rules;

    public string Name => rules.Kind.Name;

    public Policy Policy => rules.Kind.Policy;

    public bool IsVolatile => Policy.Durability == Durability.Volatile;

    /// <exception cref="InvalidOperationException">The policy does not list it.</exception>
    public StatusPolicy Status(string name) =>
        Policy.Statuses.FirstOrDefault(status => status.Name == name) ?? throw new InvalidOperationException(
            $"The kind '{Name}' has no status '{name}'; its policy lists "
            + $"{string.Join(", ", Policy.Statuses.Select(status => status.Name))}.");

    /// <summary>A state, as stores give it back.</summary>
    public object ReadState(string json) => JsonSerializer.Deserialize(json, rules.StateType, SojournJson.Stored)
        ?? throw new JsonException($"The state of a session of kind '{Name}' is null.");
}
