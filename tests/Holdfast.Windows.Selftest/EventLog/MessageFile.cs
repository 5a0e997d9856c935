using System.Runtime.InteropServices;

namespace Holdfast.Windows.Selftest.EventLog;

/// <summary>A library with a message table, read as Event Viewer reads it.</summary>
internal sealed unsafe partial class MessageFile : IDisposable
{
    private const uint LOAD_LIBRARY_AS_DATAFILE = 2;
    private const uint LOAD_LIBRARY_AS_IMAGE_RESOURCE = 0x20;
    private const uint FORMAT_MESSAGE_FROM_HMODULE = 0x800;
    private const uint FORMAT_MESSAGE_ARGUMENT_ARRAY = 0x2000;

    private readonly nint module;

    public MessageFile(string path)
    {
        module = LoadLibraryEx(path, 0, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
        Assert.True(module != 0, $"{path} cannot be loaded: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <param name="language">0: as Windows chooses.</param>
    public string Shown(int id, IReadOnlyList<string> strings, uint language = 0)
    {
        var arguments = stackalloc nint[strings.Count];
        for (var i = 0; i < strings.Count; i++) arguments[i] = Marshal.StringToHGlobalUni(strings[i]);
        try
        {
            var letters = new char[64 * 1024];
            fixed (char* into = letters)
            {
                var count = FormatMessage(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, module, (uint)id, language, into, (uint)letters.Length, arguments);
                Assert.True(count > 0, $"message {id}: {Marshal.GetLastPInvokeErrorMessage()}");
                return new string(letters, 0, (int)count);
            }
        }
        finally
        {
            for (var i = 0; i < strings.Count; i++) Marshal.FreeHGlobal(arguments[i]);
        }
    }

    public void Dispose() => FreeLibrary(module);

    [LibraryImport("kernel32", EntryPoint = "LoadLibraryExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint LoadLibraryEx(string path, nint none, uint flags);

    [LibraryImport("kernel32", EntryPoint = "FormatMessageW", SetLastError = true)]
    private static partial uint FormatMessage(uint flags, nint source, uint id, uint language, char* into, uint size, nint* arguments);

    [LibraryImport("kernel32")]
    private static partial int FreeLibrary(nint module);
}
