using System.Runtime.InteropServices;

namespace Holdfast.Platform;

/// <summary>One operating system's side of <see cref="Readiness"/>.</summary>
internal interface IReadinessQueue : IDisposable
{
    void Add(SafeHandle handle, long token);

    void Remove(SafeHandle handle);

    int Wait(Span<ReadyEvent> events, TimeSpan timeout);

    void Wake();
}
