using Sojourn.Mesh.Settings;

namespace Sojourn.Cli.Parties;

/// <summary>Opens this machine's settings for a verb.</summary>
internal static class SettingsFolder
{
    /// <summary>Opens them; that damaged ones were put aside is said beside the answer.</summary>
    public static MeshSettings Open(Call call)
    {
        var settings = MeshSettings.Open(PartyOptions.HomeOf(call), call.Terminal.Clock);
        if (settings.Notice is { } notice)
            Tell(call, "settings-damaged", "The settings were damaged", notice);
        return settings;
    }

    public static Func<Call, CancellationToken, Task<int>> Using(Func<Call, MeshSettings, int> run) => (call, _) =>
    {
        using var settings = Open(call);
        return Task.FromResult(run(call, settings));
    };

    /// <summary>Says something beside the answer.</summary>
    public static void Tell(Call call, string type, string title, string detail) =>
        new Failure(ExitCodes.Done, Failure.Local(type, title, detail)).Tell(call.Terminal, call.Json);
}
