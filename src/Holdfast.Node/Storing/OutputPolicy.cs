using Holdfast.Core.Capture;

namespace Holdfast.Node.Storing;

/// <summary>What the administrator of the node wants of all output on its disk.</summary>
/// <param name="Reserve">Of the disk.</param>
/// <param name="Compress">Segments that are closed.</param>
/// <param name="Encrypt">Segments that are closed.</param>
internal sealed record OutputPolicy(DiskReserve Reserve, bool Compress, bool Encrypt)
{
    public static OutputPolicy Usual { get; } = new(DiskReserve.Usual, false, false);

    public bool Packs => Compress || Encrypt;
}
