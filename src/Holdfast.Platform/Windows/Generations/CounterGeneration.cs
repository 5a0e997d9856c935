using System.Globalization;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Generations;

/// <summary>Windows' driver for it, which answers with a number of 128 bits: <c>IOCTL_VMGENCOUNTER_READ</c> without input reads it as it is. Only administrators and the system may ask.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class CounterGeneration : VirtualMachineGeneration
{
    private readonly SafeFileHandle device;

    private CounterGeneration(SafeFileHandle device) => this.device = device;

    public override string Source => "the virtual machine's generation counter";

    public override string? Now => Read(device);

    /// <summary>Null: this is no virtual machine, its host tells nothing, or this process may not ask.</summary>
    public static CounterGeneration? Find()
    {
        var device = Kernel32.CreateFile(
            Kernel32.GenerationCounter, Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE, Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE, null, Kernel32.OPEN_EXISTING, 0, 0);
        if (!device.IsInvalid && Read(device) is not null) return new(device);
        device.Dispose();
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) device.Dispose();
    }

    private static string? Read(SafeFileHandle device)
    {
        var counter = stackalloc ulong[2];
        uint length;
        return Kernel32.DeviceIoControl(device, Kernel32.IOCTL_VMGENCOUNTER_READ, null, 0, counter, 16, &length, null) != 0 && length == 16
            ? string.Create(CultureInfo.InvariantCulture, $"{counter[1]:x16}{counter[0]:x16}")
            : null;
    }
}
