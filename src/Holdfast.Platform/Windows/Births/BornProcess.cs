using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Births;

/// <summary>What became of a birth. Process is null where it has failed.</summary>
/// <param name="Error">0, or Windows' error.</param>
internal readonly record struct BornProcess(SafeProcessHandle? Process, int Pid, int Error);
