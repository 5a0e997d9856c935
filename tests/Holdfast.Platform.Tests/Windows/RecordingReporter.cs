using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

internal sealed class RecordingReporter : IScmReporter
{
    private int inside;

    public List<string> Told { get; } = [];

    public NativeExit LastExit { get; private set; }

    public int LastThread { get; private set; }

    public string? Abandoned { get; private set; }

    public bool Overlapped { get; private set; }

    public void Report(NativeStatus status)
    {
        Overlapped |= Interlocked.Increment(ref inside) != 1;
        Told.Add($"{status.State} {status.Checkpoint}");
        (LastExit, LastThread) = (status.Exit, Environment.CurrentManagedThreadId);
        Interlocked.Decrement(ref inside);
    }

    public void Abandon(string why) => Abandoned = why;
}
