using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    public const uint WT_EXECUTEINWAITTHREAD = 4;
    public const uint WT_EXECUTEONLYONCE = 8;

    [LibraryImport(Library, SetLastError = true)]
    public static partial SafeFileHandle CreateIoCompletionPort(nint file, nint port, nuint key, uint threads);

    [LibraryImport(Library, EntryPoint = "CreateIoCompletionPort", SetLastError = true)]
    public static partial nint JoinCompletionPort(SafeHandle file, SafeFileHandle port, nuint key, uint threads);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetQueuedCompletionStatusEx(SafeFileHandle port, Packet* packets, uint room, out uint count, uint milliseconds, [MarshalAs(UnmanagedType.Bool)] bool alertable);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool PostQueuedCompletionStatus(SafeFileHandle port, uint bytes, nuint key, nint overlapped);

    [LibraryImport(Library, EntryPoint = "PostQueuedCompletionStatus", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool PostTo(nint port, uint bytes, nuint key, nint overlapped);

    [LibraryImport(Library, EntryPoint = "CreateEventW", SetLastError = true)]
    public static partial SafeWaitHandle CreateEvent(SecurityAttributes* security, [MarshalAs(UnmanagedType.Bool)] bool manualReset, [MarshalAs(UnmanagedType.Bool)] bool set, nint name);

    [LibraryImport(Library, EntryPoint = "OpenEventW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeWaitHandle OpenEvent(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, string name);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetEvent(SafeHandle signal);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ResetEvent(SafeHandle signal);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool RegisterWaitForSingleObject(out nint wait, nint handle, delegate* unmanaged<nint, byte, void> callback, nint context, uint milliseconds, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool UnregisterWaitEx(nint wait, nint signal);

    /// <summary>OVERLAPPED_ENTRY</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Packet
    {
        public nuint Key;
        public nint Overlapped;
        public nuint Internal;
        public uint Bytes;
    }
}
