using System.Runtime.InteropServices;

namespace Holdfast.Platform;

/// <summary>
/// Hears that this process is asked to end: SIGTERM and SIGINT, on Windows Ctrl-C, Ctrl-Break and its own event (<see cref="HeldProcess.Signal"/>).
/// While it hears, none of them ends the process by itself.
/// </summary>
public sealed class EndRequests : IDisposable
{
    private readonly List<IDisposable> sources = [];

    private EndRequests()
    {
    }

    /// <param name="asked">Called on some thread for each request, with its name: <c>SIGTERM</c>.</param>
    public static EndRequests Hear(Action<PosixSignal> asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var requests = new EndRequests();
        requests.Add(PosixSignal.SIGTERM, asked);
        requests.Add(PosixSignal.SIGINT, asked);
        if (!OperatingSystem.IsWindows()) return requests;
        requests.Add(PosixSignal.SIGQUIT, asked);
        var handle = Windows.Stopping.EndEvent.Make();
        var signal = new AutoResetEvent(false) { SafeWaitHandle = handle };
        var wait = ThreadPool.RegisterWaitForSingleObject(signal, (_, _) => asked(PosixSignal.SIGTERM), null, Timeout.Infinite, executeOnlyOnce: false);
        requests.sources.Add(new Registration(wait, signal));
        return requests;
    }

    public void Dispose() => sources.ForEach(source => source.Dispose());

    private void Add(PosixSignal signal, Action<PosixSignal> asked) => sources.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        asked(signal);
    }));

    private sealed class Registration(RegisteredWaitHandle wait, WaitHandle signal) : IDisposable
    {
        public void Dispose()
        {
            wait.Unregister(null);
            signal.Dispose();
        }
    }
}
