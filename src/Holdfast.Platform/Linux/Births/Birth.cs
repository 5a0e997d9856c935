using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Births;

/// <summary>What came of a request: a process (and, unless detached, a hold on it), or the step that failed and the kernel's reason.</summary>
internal readonly record struct Birth(int Pid, SafeFileHandle? Process, BirthStep FailedStep, int Errno)
{
    public static Birth Failed(BirthStep step, int errno) => new(0, null, step, errno);
}
