using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>SERVICE_STATUS and ours, both ways.</summary>
internal static class StatusWords
{
    private const AcceptedControls Named =
        AcceptedControls.Stop | AcceptedControls.PauseContinue | AcceptedControls.Shutdown | AcceptedControls.ParamChange | AcceptedControls.Preshutdown;

    public static WinSvc.ServiceStatus Native(NativeStatus status) => new()
    {
        Type = WinSvc.SERVICE_WIN32_OWN_PROCESS,
        State = (uint)status.State,
        Accepted = (uint)status.Accepted,
        Win32Exit = status.Exit.Win32,
        SpecificExit = status.Exit.Specific,
        Checkpoint = (uint)status.Checkpoint,
        WaitHint = (uint)status.WaitHint.TotalMilliseconds,
    };

    public static NativeStatus Ours(WinSvc.ServiceStatus status) => new(
        (NativeState)status.State,
        (AcceptedControls)status.Accepted & Named,
        (int)status.Checkpoint,
        TimeSpan.FromMilliseconds(status.WaitHint),
        new NativeExit(status.Win32Exit, status.SpecificExit));

    public static ObservedStatus Observed(WinSvc.ServiceStatusProcess status) => new(Ours(status.Status), (int)status.ProcessId);
}
