using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Console;

/// <summary>
/// A fact that needs a browser and axe, which judges whether everybody can use a page; skipped, with the reason,
/// without.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AxeFactAttribute : FactAttribute
{
    public AxeFactAttribute()
    {
        if (!File.Exists(BrowserFactAttribute.Chromium))
            Skip = $"There is no {BrowserFactAttribute.Chromium}.";
        else if (!File.Exists(Script))
            Skip = "The packages of tests/Console are not there; `npm ci` in that directory brings them.";
    }

    public static string Script { get; } = Path.Combine(
        Tidy.SourceTree.Here.Root, "tests", "Console", "node_modules", "axe-core", "axe.min.js");
}
