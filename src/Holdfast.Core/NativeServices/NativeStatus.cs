namespace Holdfast.Core.NativeServices;

/// <summary>One report to the SCM (SERVICE_STATUS).</summary>
/// <param name="Checkpoint">0 where nothing is pending; else it grows by 1 with every step that was really made.</param>
/// <param name="WaitHint">Within this time the next report is due, counted from this one; zero where nothing is pending.</param>
/// <param name="Exit">How the service ended: anything but success in <see cref="NativeState.Stopped"/> only.</param>
public sealed record NativeStatus(NativeState State, AcceptedControls Accepted, int Checkpoint, TimeSpan WaitHint, NativeExit Exit)
{
    /// <summary>Whether something is on its way.</summary>
    public bool IsPending => State is NativeState.StartPending or NativeState.StopPending or NativeState.PausePending or NativeState.ContinuePending;
}
