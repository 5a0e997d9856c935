using System.Runtime.InteropServices;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The Event Log, for those who write into it.</summary>
internal static unsafe partial class Advapi32
{
    [LibraryImport(Library, EntryPoint = "RegisterEventSourceW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint RegisterEventSource(string? computer, string source);

    /// <param name="userSid">Null: nobody in particular.</param>
    [LibraryImport(Library, EntryPoint = "ReportEventW", SetLastError = true)]
    public static partial int ReportEvent(nint log, ushort type, ushort category, uint id, void* userSid, ushort stringCount, uint dataBytes, char** strings, void* data);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int DeregisterEventSource(nint log);
}
