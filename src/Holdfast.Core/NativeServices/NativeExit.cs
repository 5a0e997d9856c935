namespace Holdfast.Core.NativeServices;

/// <summary>The exit codes of a service as the SCM shows and judges them.</summary>
/// <param name="Win32">dwWin32ExitCode: 0, 1066 (look at the specific code) or 1067 (ended unexpectedly).</param>
/// <param name="Specific">dwServiceSpecificExitCode: the service's own exit code, not 0, with 1066; else 0.</param>
public readonly record struct NativeExit(uint Win32, uint Specific = 0)
{
    public static NativeExit Success { get; } = new(WindowsError.None);

    /// <summary>It ended in a way that has no number of its own: killed, never started, never ready.</summary>
    public static NativeExit Unexpected { get; } = new(WindowsError.ProcessAborted);

    /// <summary>A failure is never told as 0, even if the process itself thinks so: the SCM would show a graceful end.</summary>
    public static NativeExit Of(NativeEnd end) => end switch
    {
        NativeEnd.Failed { Exit.Code: { } code } when code != 0 => new(WindowsError.ServiceSpecific, unchecked((uint)code)),
        NativeEnd.Failed => Unexpected,
        _ => Success,
    };
}
