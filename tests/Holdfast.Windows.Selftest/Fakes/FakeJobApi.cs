using System.Buffers.Binary;
using Holdfast.Platform.Windows.Jobs;

namespace Holdfast.Windows.Selftest.Fakes;

/// <summary>
/// A fake of SetInformationJobObject and QueryInformationJobObject that reads and gives bytes by the offsets of winnt.h for 64 bits and not by our structures, and
/// keeps what Wine does not keep.
/// </summary>
internal sealed unsafe class FakeJobApi : IJobApi
{
    private const int AccountingBytes = 48;
    private const int ExtendedLimitBytes = 144;
    private const int CpuRateBytes = 8;
    private const int InvalidParameter = 87;
    private const int BadLength = 24;

    /// <summary>BasicLimitInformation.LimitFlags.</summary>
    public uint Flags { get; private set; }

    /// <summary>BasicLimitInformation.ActiveProcessLimit.</summary>
    public uint Processes { get; private set; }

    /// <summary>BasicLimitInformation.Affinity.</summary>
    public ulong Affinity { get; private set; }

    public ulong JobMemory { get; private set; }

    /// <summary>ControlFlags and CpuRate.</summary>
    public (uint Flags, uint Rate)? CpuRate { get; private set; }

    /// <summary>Flags that are refused, as Windows refuses a mask of processors that are not there.</summary>
    public uint Refused { get; set; }

    /// <summary>In units of 100 ns.</summary>
    public (long User, long Kernel) Times { get; set; }

    public int Set(int kind, void* from, int length)
    {
        var bytes = new ReadOnlySpan<byte>(from, length);
        switch (kind)
        {
            case 9:
                if (length != ExtendedLimitBytes) return BadLength;
                var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
                if ((flags & Refused) != 0) return InvalidParameter;
                Flags = flags;
                Processes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]);
                Affinity = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]);
                JobMemory = BinaryPrimitives.ReadUInt64LittleEndian(bytes[120..]);
                return 0;
            case 15:
                if (length != CpuRateBytes) return BadLength;
                CpuRate = (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
                return 0;
            default:
                return InvalidParameter;
        }
    }

    public int Query(int kind, void* into, int length)
    {
        if (kind != 1) return InvalidParameter;
        if (length != AccountingBytes) return BadLength;
        var bytes = new Span<byte>(into, length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Times.User);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Times.Kernel);
        // TotalProcesses, ActiveProcesses.
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], 7);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], 3);
        return 0;
    }
}
