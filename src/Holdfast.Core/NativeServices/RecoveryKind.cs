namespace Holdfast.Core.NativeServices;

/// <summary>What Windows does when a service has failed: the "Recovery" page of services.msc. The numbers are the SCM's own (SC_ACTION_TYPE).</summary>
public enum RecoveryKind
{
    None = 0,
    Restart = 1,

    /// <summary>The whole machine; whoever sets it needs the right to do so.</summary>
    Reboot = 2,

    /// <summary>A command, under the service's account.</summary>
    Run = 3,
}
