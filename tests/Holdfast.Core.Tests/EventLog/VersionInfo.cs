using System.Text;

namespace Holdfast.Core.Tests.EventLog;

/// <summary>
/// VS_VERSIONINFO: what Explorer and rules for allowed programs read of a library. The version is the table's own: it grows with the ids
/// and stays through a release that leaves the table alone, so that the file does too.
/// </summary>
internal static class VersionInfo
{
    private const uint Signature = 0xfeef04bd;
    private const uint StructureVersion = 0x00010000;
    private const uint Windows = 0x00040004;
    private const uint Library = 2;

    /// <summary>US English, Unicode.</summary>
    private const string Translation = "040904b0";

    public static byte[] Of(ushort major, ushort minor, IReadOnlyList<(string Name, string Value)> strings)
    {
        var (high, low) = (((uint)major << 16) | minor, 0u);
        var fixedPart = Numbers(Signature, StructureVersion, high, low, high, low, 0x3f, 0, Windows, Library, 0, 0, 0);
        var texts = Node("StringFileInfo", true, [], [Node(Translation, true, [], [.. strings.Select(one => Node(one.Name, true, Encoding.Unicode.GetBytes(one.Value + "\0"), []))])]);
        var languages = Node("VarFileInfo", false, [], [Node("Translation", false, Numbers(0x04b00409), [])]);
        return Node("VS_VERSION_INFO", false, fixedPart, [texts, languages]);
    }

    private static byte[] Numbers(params uint[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    /// <summary>Length, length of the value (in letters where it is text), kind, name, value, and what is below: each at a multiple of four.</summary>
    private static byte[] Node(string name, bool isText, byte[] value, byte[][] below)
    {
        using var node = new MemoryStream();
        using var writer = new BinaryWriter(node);
        writer.Write((ushort)0);
        writer.Write((ushort)(isText ? value.Length / 2 : value.Length));
        writer.Write((ushort)(isText ? 1 : 0));
        writer.Write(Encoding.Unicode.GetBytes(name + "\0"));
        Pad(writer);
        writer.Write(value);
        foreach (var one in below)
        {
            Pad(writer);
            writer.Write(one);
        }

        var bytes = node.ToArray();
        BitConverter.GetBytes((ushort)bytes.Length).CopyTo(bytes, 0);
        return bytes;
    }

    private static void Pad(BinaryWriter writer)
    {
        while (writer.BaseStream.Length % 4 != 0) writer.Write((byte)0);
    }
}
