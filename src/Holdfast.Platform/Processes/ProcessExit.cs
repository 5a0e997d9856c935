using Holdfast.Core.Supervision;

namespace Holdfast.Platform;

/// <summary>How a process ended: by itself with a code, or by a signal. Exactly one of Code and Signal is set.</summary>
/// <param name="Signal">With SIG: <c>SIGKILL</c>.</param>
public readonly record struct ProcessExit(int? Code, string? Signal, bool CoreDumped)
{
    public ExitInfo At(DateTimeOffset time) => new(Code, Signal, CoreDumped, time);
}
