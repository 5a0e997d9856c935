using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

/// <summary>Of <c>vmgenerationcounter.h</c>.</summary>
internal static partial class Kernel32
{
    public const string GenerationCounter = @"\\.\VmGenerationCounter";

    /// <summary>CTL_CODE(FILE_DEVICE_ACPI, 1, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS).</summary>
    public const uint IOCTL_VMGENCOUNTER_READ = 0x0032C004;

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int DeviceIoControl(SafeFileHandle device, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* returned, void* overlapped);
}
