using System.Globalization;
using System.Text;

namespace Holdfast.Storage.Sqlite;

/// <summary>
/// A small file beside the store that says that there is one, and which: so that a store that was lost, exchanged or put back by
/// copying is noticed and never taken for a first start.
/// </summary>
internal static class StoreMarker
{
    public static string PathFor(string store) => store + ".identity";

    public static bool Exists(string store) => File.Exists(PathFor(store));

    /// <summary>Null where there is none, or it cannot be understood.</summary>
    public static StoreIdentity? Read(string store)
    {
        if (!Exists(store))
            return null;
        var words = File.ReadAllText(PathFor(store)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var incarnation)
            ? new StoreIdentity(words[0], incarnation)
            : null;
    }

    public static void Write(string store, StoreIdentity identity, Action<string> syncFolder)
    {
        var path = PathFor(store);
        using (var handle = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes($"{identity.ClusterId} {identity.Incarnation}\n"), 0);
#pragma warning disable RS0030 // The folder is synced after it, which tells.
            RandomAccess.FlushToDisk(handle);
#pragma warning restore RS0030
        }

        File.Move(path + ".new", path, overwrite: true);
        syncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
