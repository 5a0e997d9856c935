namespace Holdfast.Core.NativeServices;

/// <summary>The states of a service as the service control manager (SCM) knows them; the numbers are its own (dwCurrentState).</summary>
public enum NativeState
{
    Stopped = 1,
    StartPending = 2,
    StopPending = 3,
    Running = 4,
    ContinuePending = 5,
    PausePending = 6,
    Paused = 7,
}
