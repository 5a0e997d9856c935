using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Births;

/// <summary>Strings and null-terminated arrays of them in memory that the collector does not move; freed together.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> blocks = [];

    public byte* Add(string text)
    {
        var block = Marshal.StringToCoTaskMemUTF8(text);
        blocks.Add(block);
        return (byte*)block;
    }

    public byte** Add(IEnumerable<string> texts)
    {
        var each = texts.Select(text => (nint)Add(text)).ToArray();
        var block = (nint*)Marshal.AllocCoTaskMem((each.Length + 1) * sizeof(nint));
        blocks.Add((nint)block);
        for (var i = 0; i < each.Length; i++)
            block[i] = each[i];
        block[each.Length] = 0;
        return (byte**)block;
    }

    public void Dispose()
    {
        blocks.ForEach(Marshal.FreeCoTaskMem);
        blocks.Clear();
    }
}
