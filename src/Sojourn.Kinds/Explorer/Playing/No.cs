namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Refusals that many rules have in common.</summary>
internal static class No
{
    /// <summary>Not as things stand.</summary>
    public static Refusal Because(string code, string message) => new(code, message);

    /// <summary>Never: the parameter is wrong.</summary>
    public static Refusal Such(string field, string code, string message) =>
        new(code, message) { Field = field, IsInvalid = true };

    /// <summary>Only a name of the list would do.</summary>
    public static Refusal Unknown(string field, string what, string? name, IEnumerable<string> known) =>
        Such(field, $"unknown-{what}", $"There is no {what} '{Short(name)}'. There are: {string.Join(", ", known)}.");

    public static Refusal CannotAfford(string what, int cost, int wealth) =>
        Because("cannot-afford", $"{what} costs {cost:N0} credits; you have {wealth:N0}.");

    public static Refusal NoFuel(string what, int cost, int fuel) =>
        Because("not-enough-fuel", $"{what} takes {cost} fuel; you have {fuel}.");

    public static Refusal NoYard() => Because("no-yard", "There is no yard here. Fly to a place with repairs.");

    public static Refusal InPod() =>
        Because("in-pod", "You sit in the escape pod, without a ship. Buy one at a yard.");

    private static string Short(string? name) => name is null ? "" : name.Length > 40 ? name[..40] + "…" : name;
}
