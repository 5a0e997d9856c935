using System.Buffers.Binary;

namespace Holdfast.Platform.Windows.Births;

/// <summary>What kind of program a file is, by its header (Microsoft: "PE Format").</summary>
internal static class ProgramImage
{
    private const int HeaderAt = 0x3C;

    /// <summary>In words; null where it is no program.</summary>
    public static string? Describe(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var start = new byte[4096];
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return Describe(start.AsSpan(0, length));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string? Describe(ReadOnlySpan<byte> start)
    {
        if (start.Length < HeaderAt + sizeof(int) || !start.StartsWith("MZ"u8)) return null;
        var at = BinaryPrimitives.ReadInt32LittleEndian(start[HeaderAt..]);
        if (at < 0 || at + 6 > start.Length || !start[at..].StartsWith("PE\0\0"u8)) return "a program for DOS or 16-bit Windows";
        return BinaryPrimitives.ReadUInt16LittleEndian(start[(at + 4)..]) switch
        {
            0x14c => "a 32-bit program (x86)",
            0x8664 => "a 64-bit program (x64)",
            0x1c0 or 0x1c4 => "a 32-bit program (Arm)",
            0xaa64 => "a 64-bit program (Arm64)",
            var other => $"a program for a machine of type 0x{other:x4}",
        };
    }
}
