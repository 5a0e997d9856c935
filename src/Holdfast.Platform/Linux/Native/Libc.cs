using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Native;

/// <summary>The C library's calls, by topic, a file each. Nothing here decides anything.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Libc
{
    private const string Name = "libc";
}
