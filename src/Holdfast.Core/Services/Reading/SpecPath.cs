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

    /// <summary>The other path is this one, or lies below it.</summary>
    public static bool Covers(string path, string other) =>
        path.Length == 0
        || (other.StartsWith(path, StringComparison.Ordinal) && (other.Length == path.Length || other[path.Length] is '.' or '['));
}
