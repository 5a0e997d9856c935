namespace Holdfast.Packaging.Content;

/// <summary>
/// Writes a file beside its place, syncs it and renames it into place: whoever looks sees the old file or the new one. The folder
/// itself is not synced here, so a power failure right after may bring the old file back, whole.
/// </summary>
internal static class AtomicFile
{
    /// <param name="letGo">Closes what the caller has open of the old file: Windows replaces none that is open.</param>
    public static void Write(string path, UnixFileMode? mode, bool overwrite, Action<FileStream> write, Action? letGo = null)
    {
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (mode is { } rights && !OperatingSystem.IsWindows()) options.UnixCreateMode = rights;
            using (FileStream stream = new(temporary, options))
            {
                write(stream);
#pragma warning disable RS0030 // What is packed and signed can be packed and signed again.
                stream.Flush(flushToDisk: true);
#pragma warning restore RS0030
            }

            letGo?.Invoke();
            File.Move(temporary, full, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
