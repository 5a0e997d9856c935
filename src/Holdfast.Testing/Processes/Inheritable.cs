using System.Runtime.InteropServices;

namespace Holdfast.Testing.Processes;

/// <summary>A descriptor that a careless start would leak: without close-on-exec, as some libraries make them.</summary>
internal sealed partial class Inheritable : IDisposable
{
    private readonly int descriptor = Open("/dev/zero", 0);

    public void Dispose() => _ = Close(descriptor);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
