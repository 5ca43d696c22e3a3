using Sojourn.NatLab;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A test that needs a laboratory of networks, and perhaps other programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute(params string[] programs) => Skip = LabNeeds.WhyNot(programs);
}

/// <inheritdoc cref="LabFactAttribute" />
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute(params string[] programs) => Skip = LabNeeds.WhyNot(programs);
}

internal static class LabNeeds
{
    public static string? WhyNot(string[] programs) => Laboratory.WhyNot()
        ?? (programs.Contains("wireguard-go") && !File.Exists("/dev/net/tun") ? "There is no /dev/net/tun." : null)
        ?? (Array.Find(programs, each => !IsThere(each)) is { } missing
            ? $"The program '{missing}' is not installed." : null);

    private static bool IsThere(string program) =>
        File.Exists($"/usr/bin/{program}") || File.Exists($"/usr/sbin/{program}");
}
