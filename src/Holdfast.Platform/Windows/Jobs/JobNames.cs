using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>The named jobs of this host, as the object manager lists them under \BaseNamedObjects, which is what <c>Global\</c> stands for.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class JobNames
{
    public const string Global = @"Global\";

    private const string Directory = @"\BaseNamedObjects";
    private const uint EntryBytes = 4096;

    /// <summary>Without <see cref="Global"/>.</summary>
    /// <exception cref="IOException">This account may not list them.</exception>
    public static IReadOnlyList<string> Of(string prefix)
    {
        var found = new List<string>();
        var directory = Open();
        try
        {
            uint context = 0;
            fixed (byte* at = new byte[EntryBytes])
            {
                // One at a time, which every system can do.
                for (byte restart = 1; ; restart = 0)
                {
                    var status = Ntdll.NtQueryDirectoryObject(directory, at, EntryBytes, 1, restart, &context, null);
                    if (status is not (Ntdll.STATUS_SUCCESS or Ntdll.STATUS_MORE_ENTRIES)) return found;
                    var entry = (Ntdll.DirectoryEntry*)at;
                    if (entry->Type.ToString() == "Job" && entry->Name.ToString() is var name && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) found.Add(name);
                }
            }
        }
        finally
        {
            Kernel32.CloseHandle(directory);
        }
    }

    private static nint Open()
    {
        fixed (char* text = Directory)
        {
            var bytes = (ushort)(Directory.Length * sizeof(char));
            var name = new Ntdll.UnicodeString { Length = bytes, MaximumLength = bytes, Buffer = text };
            var attributes = new Ntdll.ObjectAttributes { Length = (uint)sizeof(Ntdll.ObjectAttributes), Name = &name };
            var status = Ntdll.NtOpenDirectoryObject(out var directory, Ntdll.DIRECTORY_QUERY, &attributes);
            return status == Ntdll.STATUS_SUCCESS ? directory : throw Win32Error.Failure($"list {Directory}", (int)Ntdll.RtlNtStatusToDosError(status));
        }
    }
}
