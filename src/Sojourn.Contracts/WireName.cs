using System.Text;

namespace Sojourn;

/// <summary>How commands and events are called on the wire: one rule for the engine and its clients.</summary>
public static class WireName
{
    /// <summary>
    /// The type's own name in kebab case: <c>SceneCompleted</c> is <c>scene-completed</c>, <c>SendHTTPHeader</c> is
    /// <c>send-http-header</c>. Namespaces and enclosing types do not count.
    /// </summary>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var name = type.Name;
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
