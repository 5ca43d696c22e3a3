using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sojourn.Server.OpenApi;

/// <summary>
/// What the XML documentation beside an assembly says of its types. Where an assembly has none, nothing is said.
/// </summary>
internal sealed class DocComments
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>The summary of a type; null if it has none.</summary>
    public string? Of(Type type) => Text(Find(type.Assembly, $"T:{Name(type)}")?.Element("summary"));

    /// <summary>The summary of a property, or of the parameter that a record's property comes from.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        return Text(Find(type.Assembly, $"P:{Name(type)}.{property.Name}")?.Element("summary"))
            ?? Text(Find(type.Assembly, $"T:{Name(type)}")?.Elements("param")
                .FirstOrDefault(each => each.Attribute("name")?.Value == property.Name));
    }

    private XElement? Find(Assembly assembly, string member)
    {
        if (!_files.TryGetValue(assembly, out var members))
        {
            _files[assembly] = members = Read(assembly);
        }

        return members.GetValueOrDefault(member);
    }

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        try
        {
            return XDocument.Load(file).Descendants("member")
                .DistinctBy(member => member.Attribute("name")?.Value)
                .ToDictionary(member => member.Attribute("name")?.Value ?? "", StringComparer.Ordinal);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or XmlException)
        {
            // Descriptions are a help and no more: a program that is shipped without them works as well.
            return [];
        }
    }

    private static string Name(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName?.Replace('+', '.') ?? type.Name;

    /// <summary>The words alone: of a reference its last part, of white space one blank.</summary>
    private static string? Text(XElement? element)
    {
        var text = new StringBuilder();
        foreach (var node in element?.DescendantNodes() ?? [])
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { IsEmpty: true } mark => mark.Attributes().FirstOrDefault()?.Value.Split('.', ':')[^1],
                _ => null,
            });
        }

        var line = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? null : line;
    }
}
