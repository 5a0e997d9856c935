using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

internal static partial class Libc
{
    /// <summary>What adjtimex answers when the clock is not synchronised.</summary>
    public const int TIME_ERROR = 5;

    public const int STA_UNSYNC = 0x40;

    /// <summary>Modes of 0 only read.</summary>
    [LibraryImport(Name, EntryPoint = "adjtimex", SetLastError = true)]
    public static partial int AdjustTime(ref Timex state);

    /// <summary>struct timex of 64-bit Linux, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 208)]
    public struct Timex
    {
        [FieldOffset(0)]
        public uint Modes;

        /// <summary>Microseconds.</summary>
        [FieldOffset(24)]
        public long LargestError;

        [FieldOffset(40)]
        public int Status;
    }
}
