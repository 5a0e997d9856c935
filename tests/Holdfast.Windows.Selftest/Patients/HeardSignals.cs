using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Holdfast.Windows.Selftest.Patients;

/// <summary>Signals in the order in which they came.</summary>
internal sealed class HeardSignals : IDisposable
{
    private readonly BlockingCollection<PosixSignal> signals = [];

    public void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        signals.Add(context.Signal);
    }

    public PosixSignal Next() => signals.Take();

    public void Dispose() => signals.Dispose();
}
