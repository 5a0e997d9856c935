using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>Makes this process the one service that the SCM has started it for.</summary>
[SupportedOSPlatform("windows")]
public static unsafe class NativeServiceHost
{
    private static string serviceName = "";
    private static Func<INativeServiceBody>? makeBody;
    private static NativeServiceLink? link;

    /// <summary>
    /// To be called on the main thread, before anything else: the SCM waits 30 s for it, on a slow disk at boot too. Returns when the service
    /// has told STOPPED; the process is to end then.
    /// </summary>
    /// <param name="name">As it is installed.</param>
    /// <param name="body">Makes the service; called once, on a thread of the SCM's making, when that has its handler.</param>
    /// <returns>Done, or why the SCM does not have us: a process that was started by hand is <c>scm.not-run-by-scm</c>.</returns>
    public static Outcome<Done> Run(string name, Func<INativeServiceBody> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Interlocked.CompareExchange(ref makeBody, body, null) is not null) throw new InvalidOperationException("A process is one service, once.");
        serviceName = name;
        var text = Marshal.StringToHGlobalUni(name);
        try
        {
            var table = stackalloc WinSvc.ServiceTableEntry[2];
            table[0] = new() { Name = (char*)text, Main = &ServiceMain };
            table[1] = default;
            return Advapi32.StartServiceCtrlDispatcher(table) != 0 ? Outcome.Done : ScmProblems.Explain((uint)Win32Error.Last, name);
        }
        finally
        {
            Marshal.FreeHGlobal(text);
        }
    }

    [UnmanagedCallersOnly]
    private static void ServiceMain(uint count, char** arguments)
    {
        nint handle;
        fixed (char* name = serviceName)
            handle = Advapi32.RegisterServiceCtrlHandlerEx(name, &Handle, 0);
        if (handle == 0) Environment.FailFast($"the SCM takes no handler for {serviceName}: {Win32Error.Describe(Win32Error.Last)}");

        try
        {
            var made = new NativeServiceLink(new Reporter(handle), BootClock.Instance);
            Volatile.Write(ref link, made);
            made.Serve(makeBody!());
        }
        catch (Exception failure)
        {
            // No STOPPED: for the SCM too this is a crash, and its recovery actions are for those.
            Environment.FailFast($"{serviceName}: {failure.Message}", failure);
        }
    }

    [UnmanagedCallersOnly]
    private static uint Handle(uint control, uint what, nint data, nint context)
    {
        // Before there is anybody to ask, nothing is accepted, so nothing but INTERROGATE comes.
        if (Volatile.Read(ref link) is not { } present) return control == (uint)NativeControl.Interrogate ? WindowsError.None : WindowsError.CannotAcceptControl;
        try
        {
            return present.Control((NativeControl)control);
        }
        catch (Exception failure)
        {
            present.Tell(new NativeInput.HostFailed($"the handler failed: {failure.Message}"));
            return WindowsError.ExceptionInService;
        }
    }

    private sealed class Reporter(nint handle) : IScmReporter
    {
        public void Report(NativeStatus status)
        {
            var native = StatusWords.Native(status);
            if (Advapi32.SetServiceStatus(handle, &native) == 0) throw Win32Error.Failure($"tell the SCM {status.State}");
        }

        public void Abandon(string why) => Process.GetCurrentProcess().Kill();
    }
}
