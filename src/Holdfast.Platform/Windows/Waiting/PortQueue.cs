using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Waiting;

[SupportedOSPlatform("windows")]
internal sealed class PortQueue : IReadinessQueue
{
    private readonly HandleWaits waits = new();

    public void Add(SafeHandle handle, long token) => waits.Add(handle, token);

    public void Remove(SafeHandle handle) => waits.Remove(handle);

    public int Wait(Span<ReadyEvent> events, TimeSpan timeout) => waits.Wait(events, timeout);

    public void Wake() => waits.Wake();

    public void Dispose() => waits.Dispose();
}
