using Holdfast.Segments;

namespace Holdfast.Telemetry.Auditing;

/// <summary>The last signed checkpoint, as a note that anybody reads. The old one or the new one is there, whole.</summary>
internal static class AuditCheckpointFile
{
    public const string Name = "checkpoint";

    /// <summary>The last checkpoint that other nodes have cosigned, with their lines.</summary>
    public const string CosignedName = "checkpoint.cosigned";

    /// <summary>The public half of the key that signs, beside it: PEM.</summary>
    public const string KeyName = "public.pem";

    /// <summary>Null: there is none.</summary>
    public static byte[]? Read(string folder, string name = Name)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[Math.Min(file.Length, Core.Auditing.Tree.SignedNote.LongestBytes + 1)];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>On the disk when it returns.</summary>
    public static void Write(string folder, string name, ReadOnlySpan<byte> content, Action<string> syncFolder)
    {
        var path = Path.Combine(folder, name);
        using (var handle = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, content, 0);
            DiskSync.File(handle);
        }

        File.Move(path + ".new", path, overwrite: true);
        syncFolder(folder);
    }
}
