using Holdfast.Node.Clusters;
using Holdfast.Testing;

namespace Holdfast.Node.Tests.Clusters;

internal static class MirrorReaching
{
    /// <summary>Waits as long as it takes: <see cref="StoreMirror.CatchUpAsync"/> gives up after some seconds, and who uses it decides again.</summary>
    public static async Task ReachAsync(this StoreMirror mirror, long revision)
    {
        await mirror.CatchUpAsync(revision, default);
        await Eventually.SeeAsync($"revision {revision} in the image", () => mirror.Now.Revision >= revision);
    }
}
