using System.Text;

namespace Holdfast.Platform;

/// <summary>
/// Reads files that others delete whenever they like. On Windows a file that somebody reads cannot be, unless the reader says that he does not mind: a supervisor whose name was just being looked at could not
/// take it away, and was taken for one that had crashed. Replacing one is another matter: <see cref="DurableFile"/> tries again until it has been read.
/// </summary>
public static class SharedFile
{
    /// <summary>Throws IOException and UnauthorizedAccessException.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>The whole of a file that is not large. Throws as <see cref="Open"/>.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using var file = Open(path);
        var bytes = new byte[file.Length];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length ? bytes : bytes[..count];
    }

    /// <summary>The same as text, in UTF-8. Throws as <see cref="Open"/>.</summary>
    public static string ReadAllText(string path) => Encoding.UTF8.GetString(ReadAllBytes(path));
}
