using System.CommandLine;
using Sojourn.Mesh.Settings;
using Spectre.Console;

namespace Sojourn.Cli.Parties;

/// <summary>This machine's settings, for all parties that it joins. Needs no server.</summary>
internal static class SettingsVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "One of them [all are shown]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => MeshSetting.All.Select(
            each => new System.CommandLine.Completions.CompletionItem(each.Name)));
        var value = new Argument<string?>("VALUE")
        {
            Description = "What it is from now on [it is shown]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var reset = new Option<bool>("--reset") { Description = "Makes it as it comes" };
        var verb = new Verb(
            "settings", "Shows or changes what `party join` does on this machine where no option says otherwise.",
            "sojourn party settings", "sojourn party settings mtu 1400", "sojourn party settings mtu --reset")
            { name, value, reset, PartyOptions.Home };
        return (verb, SettingsFolder.Using(Run));

        int Run(Call call, MeshSettings settings)
        {
            var (wanted, text) = (call.Parse.GetValue(name), call.Parse.GetValue(value));
            var isReset = call.Parse.GetValue(reset);
            if (isReset && (wanted is null || text is not null))
                throw new UsageException("--reset takes the name of a setting, and no value.");
            if (wanted is null)
                return ShowAll(call, settings.List());
            Show(call, isReset ? settings.Reset(wanted) : text is null ? settings.Get(wanted)
                : settings.Set(wanted, text));
            return ExitCodes.Done;
        }
    }

    private static int ShowAll(Call call, IReadOnlyList<SettingValue> all)
    {
        if (call.Json)
        {
            call.Document(new { settings = all.Select(ShownSetting.Of) });
            return ExitCodes.Done;
        }

        var table = SessionTables.Plain("SETTING", "VALUE", "", "WHAT IT IS");
        foreach (var each in all)
        {
            table.AddRow(
                SessionTables.Cell(each.Setting.Name), SessionTables.Cell(ValueOf(each)),
                SessionTables.Cell(each.Fault is not null ? "cannot be used" : each.ChangedAt is null ? "" : "set"),
                SessionTables.Cell($"{each.Setting.Summary}: {each.Setting.Takes}"));
        }

        call.Draw(table);
        return ExitCodes.Done;
    }

    private static void Show(Call call, SettingValue value)
    {
        if (call.Json)
            call.Document(ShownSetting.Of(value));
        else
            call.Say(value.Fault
                ?? $"{value.Setting.Name} is {ValueOf(value)}{(value.ChangedAt is null ? ", as it comes" : "")}.");
    }

    private static string ValueOf(SettingValue value) => value.Text.Length == 0 ? "none" : value.Text;
}

/// <summary>A setting as <c>--json</c> shows it.</summary>
internal sealed record ShownSetting(
    string Name, object? Value, bool IsSet, DateTimeOffset? ChangedAt, string Takes, string Summary)
{
    public string? Fault { get; init; }

    public static ShownSetting Of(SettingValue value) => new(
        value.Setting.Name,
        value.Fault is not null ? value.Text : value.Text.Length == 0 ? null : value.Setting.ToJson(value.Text),
        value.ChangedAt is not null, value.ChangedAt, value.Setting.Takes, value.Setting.Summary)
    {
        Fault = value.Fault,
    };
}
