using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>Where each setting of an imported file stands, so that who is told of one finds it. A file whose reader knows no places has none.</summary>
internal sealed class ImportPlaces
{
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <param name="setting">As notes have it; of a setting in another one, both names: <c>serviceaccount password</c>.</param>
    /// <returns>That one's, or that of what it stands in. Null: not known.</returns>
    public Place? Of(string setting) =>
        places.TryGetValue(setting, out var place) ? place
        : setting.IndexOf(' ', StringComparison.Ordinal) is var cut and > 0 && places.TryGetValue(setting[..cut], out var outer) ? outer
        : null;

    /// <param name="parent">Was read with its lines; the settings are its elements, those in them, and those that have a name as an attribute.</param>
    /// <param name="lastCounts">Of several of one name.</param>
    public static ImportPlaces Of(XElement parent, string file, bool lastCounts)
    {
        var found = new ImportPlaces();
        foreach (var element in parent.Elements())
        {
            var name = element.Name.LocalName;
            found.Add(name, element, file, lastCounts);
            if (element.Attributes().FirstOrDefault(one => one.Name.LocalName == "name") is { } called) found.Add($"{name} {called.Value}", element, file, lastCounts);
            foreach (var below in element.Elements()) found.Add($"{name} {below.Name.LocalName}", below, file, lastCounts);
        }

        return found;
    }

    /// <param name="json">Is known to be well-formed; the settings are its properties, the last one of a name.</param>
    public static ImportPlaces Of(string json, string file)
    {
        var found = new ImportPlaces();
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        var (line, begin, seen) = (1, 0, 0);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            for (; seen < reader.TokenStartIndex; seen++)
            {
                if (bytes[seen] == '\n') (line, begin) = (line + 1, seen + 1);
            }

            found.places[reader.GetString()!] = new(file, line, 1 + Encoding.UTF8.GetCharCount(bytes, begin, seen - begin));
        }

        return found;
    }

    private void Add(string setting, XElement element, string file, bool lastCounts)
    {
        if (element is not IXmlLineInfo at || !at.HasLineInfo() || (!lastCounts && places.ContainsKey(setting))) return;
        places[setting] = new(file, at.LineNumber, at.LinePosition);
    }
}
