using System.Text.Json;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer.Bots;

/// <summary>Makes the command of an action that is offered, as a server would from its parameters.</summary>
internal static class Wire
{
    private static readonly Dictionary<string, Type> Commands = new ExplorerKind().BuildRules().Commands.Values
        .ToDictionary(rule => rule.Name, rule => rule.CommandType);

    public static object Command(GameAction action) =>
        JsonSerializer.SerializeToElement(action.Parameters, SojournJson.Options)
        .Deserialize(Commands[action.Command], SojournJson.Options)!;
}
