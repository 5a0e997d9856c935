using System.Text;

namespace Holdfast.Core.Services.Reading;

/// <summary>Dotted paths of keys: <c>health.readiness.http.port</c>, <c>after[1].service</c>; the document itself is the empty path.</summary>
internal static class SpecPath
{
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string Item(string path, int index) => $"{path}[{index}]";

    public static string Parent(string path)
    {
        var cut = path.LastIndexOfAny(['.', '[']);
        return cut < 0 ? "" : path[..cut];
    }

    /// <summary>As <c>holdfast explain</c> takes it: from <c>service</c>, or from <c>install</c>, without the places in lists.</summary>
    public static string Named(string path)
    {
        var whole = Covers(InstallFields.Key, path) && path.Length > 0 ? path : Join("service", path);
        var name = new StringBuilder();
        var inside = false;
        foreach (var c in whole.TrimEnd('.'))
        {
            inside = c == '[' || (inside && c != ']');
            if (!inside && c != ']')
                name.Append(c);
        }

        return name.ToString();
    }

    /// <summary>The other path is this one, or lies below it.</summary>
    public static bool Covers(string path, string other) =>
        path.Length == 0
        || (other.StartsWith(path, StringComparison.Ordinal) && (other.Length == path.Length || other[path.Length] is '.' or '['));
}
