using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sojourn.Mesh.PortMapping;

/// <summary>What UPnP routers say and are told: SSDP, the description of a device, and SOAP.</summary>
internal static class UpnpFormat
{
    /// <summary>Routers of version 2 answer to version 1 as well.</summary>
    public const string Router = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";

    private static readonly string[] Services =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2", "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    private static readonly XmlReaderSettings Strictly = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <summary>Asks who is a router.</summary>
    public static byte[] Search() => Encoding.ASCII.GetBytes(
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
        + $"ST: {Router}\r\n\r\n");

    /// <summary>Where a router that answers describes itself.</summary>
    /// <param name="answer">What it says.</param>
    /// <param name="router">Who it is: nobody else's word counts, and it speaks for nobody else.</param>
    public static Uri? ReadLocation(ReadOnlySpan<byte> answer, IPAddress router)
    {
        var lines = Encoding.ASCII.GetString(answer).Split("\r\n");
        var location = lines.FirstOrDefault(line => line.StartsWith("LOCATION:", StringComparison.OrdinalIgnoreCase));
        return lines[0].Contains(" 200", StringComparison.Ordinal) && location is not null
            && Uri.TryCreate(location["LOCATION:".Length..].Trim(), UriKind.Absolute, out var url)
            && url.Scheme == "http" && url.Host == router.ToString() ? url : null;
    }

    /// <summary>The best service for opening ports in a device's description.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    public static UpnpService? ReadService(string description, Uri location)
    {
        var found = Parse(description).Descendants().Where(each => each.Name.LocalName == "service")
            .Select(each => (Type: Text(each, "serviceType"), Control: Text(each, "controlURL")))
            .Where(each => each.Control.Length > 0).ToList();
        var best = Services.Select(type => found.Find(each => each.Type == type))
            .FirstOrDefault(each => each.Type is not null);
        return best.Type is not null && Uri.TryCreate(location, best.Control, out var control)
            && control.Host == location.Host && control.Scheme == "http" ? new(best.Type, control) : null;
    }

    /// <summary>A call of a service.</summary>
    public static string WriteCall(
        UpnpService service, string action, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        var text = new StringBuilder("""
            <?xml version="1.0"?>
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
             s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>
            """);
        text.Append(CultureInfo.InvariantCulture, $"<u:{action} xmlns:u=\"{service.Type}\">");
        foreach (var (name, value) in arguments)
            text.Append(CultureInfo.InvariantCulture, $"<{name}>{SecurityElement.Escape(value)}</{name}>");
        return text.Append(CultureInfo.InvariantCulture, $"</u:{action}></s:Body></s:Envelope>").ToString();
    }

    /// <summary>The value of an answer.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    public static string? ReadValue(string answer, string name) => Parse(answer).Descendants()
        .FirstOrDefault(each => each.Name.LocalName == name)?.Value.Trim();

    private static XDocument Parse(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), Strictly);
        return XDocument.Load(reader);
    }

    private static string Text(XElement element, string name) =>
        element.Elements().FirstOrDefault(each => each.Name.LocalName == name)?.Value.Trim() ?? "";
}

/// <summary>A service of a router.</summary>
internal sealed record UpnpService(string Type, Uri Control);
