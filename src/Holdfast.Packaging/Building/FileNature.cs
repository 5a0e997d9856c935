using System.Text;

namespace Holdfast.Packaging.Building;

/// <summary>What the first bytes of a file say of it; the same on every machine, unlike a mode bit.</summary>
internal sealed record FileNature(bool Executable, bool PrivateKey)
{
    /// <summary>Bytes that are looked at.</summary>
    public const int SampleBytes = 4096;

    private static readonly byte[] KeyMark = Encoding.ASCII.GetBytes("PRIVATE KEY-----");

    public static FileNature Of(ReadOnlySpan<byte> start) => new(
        start.StartsWith("\u007fELF"u8) || start.StartsWith("#!"u8),
        start.IndexOf("-----BEGIN "u8) is >= 0 and var begin && start[begin..].IndexOf(KeyMark) is >= 0 and < 64);
}
