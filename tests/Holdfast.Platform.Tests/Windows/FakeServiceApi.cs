using System.Buffers.Binary;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

/// <summary>
/// A fake of advapi32 that reads what it is passed byte by byte, by the offsets of Microsoft's headers for 64 bits and not by our structures,
/// and records it. It stands in for what Wine lacks.
/// </summary>
internal sealed unsafe class FakeServiceApi : IServiceApi
{
    private readonly HashSet<nint> open = [];
    private nint last;
    private byte[] descriptorBytes = [];

    /// <summary>By level: 2: seconds, command, (type, milliseconds)…; 1 and 6: texts; the others: a number.</summary>
    public Dictionary<uint, List<object>> Levels { get; } = [];

    /// <summary>Levels that this system does not know, as Wine does not know 3 to 6.</summary>
    public HashSet<uint> Unknown { get; } = [];

    public Dictionary<string, string?> Config { get; } = [];

    /// <summary>Of the service's descriptor: <c>type mask sid</c>, an entry each. Null: this system keeps none, as Wine does not, and answers with an empty list.</summary>
    public List<string>? Security { get; private set; } = [];

    public void KeepNoSecurity() => Security = null;

    public uint StartNumber { get; private set; }

    public bool Exists { get; set; }

    public List<uint> Controls { get; } = [];

    /// <summary>What controls and starts are answered with, one after the other, and then with <see cref="Answer"/>.</summary>
    public Queue<uint> Answers { get; } = new();

    public uint Answer { get; set; }

    /// <summary>No number is given twice: what is used or closed after it was closed is error 6 on Windows, and fails a test here.</summary>
    public int OpenHandles => open.Count;

    public uint OpenManager(uint access, out nint manager) => Hand(out manager);

    public uint Create(nint manager, char* name, char* displayName, uint access, uint start, char* commandLine, char* dependencies, char* account, char* password, out nint service)
    {
        Use(manager);
        service = 0;
        if (Exists) return WindowsError.Exists;
        Exists = true;
        Take(start, commandLine, dependencies, account, password, displayName);
        return Hand(out service);
    }

    public uint Open(nint manager, char* name, uint access, out nint service)
    {
        Use(manager);
        service = 0;
        return Exists ? Hand(out service) : WindowsError.NotInstalled;
    }

    public uint Change(nint service, uint start, char* commandLine, char* dependencies, char* account, char* password, char* displayName)
    {
        Use(service);
        Take(start, commandLine, dependencies, account, password, displayName);
        return WindowsError.None;
    }

    public uint Change2(nint service, uint level, void* info)
    {
        Use(service);
        if (Unknown.Contains(level)) return WindowsError.InvalidLevel;
        var bytes = (byte*)info;
        Levels[level] = level switch
        {
            1 => [Text(Pointer(bytes, 0)) ?? ""],
            2 => Actions(bytes),
            6 => [.. Texts(Pointer(bytes, 0))],
            _ => [Number(bytes, 0)],
        };
        return WindowsError.None;
    }

    public uint QueryConfig(nint service, byte* into, uint size, out uint needed)
    {
        Use(service);
        var texts = new[] { Config["commandLine"] + "\0", string.Concat((Config["dependencies"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => one + "\0")) + "\0", Config["account"] + "\0", Config["displayName"] + "\0" };
        needed = (uint)(64 + texts.Sum(text => text.Length * 2));
        if (size < needed) return WindowsError.InsufficientBuffer;
        Put(into, 0, 0x10);
        Put(into, 4, StartNumber);
        Put(into, 8, 1);
        var at = into + 64;
        foreach (var (offset, text) in ((int[])[16, 40, 48, 56]).Zip(texts))
        {
            *(byte**)(into + offset) = at;
            text.CopyTo(new Span<char>(at, text.Length));
            at += text.Length * 2;
        }

        return WindowsError.None;
    }

    public uint QueryConfig2(nint service, uint level, byte* into, uint size, out uint needed)
    {
        Use(service);
        needed = 0;
        if (Unknown.Contains(level)) return WindowsError.InvalidLevel;
        if (!Levels.TryGetValue(level, out var kept)) return WindowsError.None;
        switch (level)
        {
            case 1:
            case 6:
                *(byte**)into = into + 8;
                (string.Concat(kept.Select(text => text + "\0")) + "\0").CopyTo(new Span<char>(into + 8, (int)(size - 8) / 2));
                break;
            case 2:
                Put(into, 0, (uint)kept[0]);
                *(byte**)(into + 16) = into + 512;
                ((string)kept[1] + "\0").CopyTo(new Span<char>(into + 512, 512));
                Put(into, 24, (uint)(kept.Count - 2));
                *(byte**)(into + 32) = into + 40;
                for (var i = 2; i < kept.Count; i++)
                {
                    var (type, delay) = ((uint, uint))kept[i];
                    Put(into, 40 + ((i - 2) * 8), type);
                    Put(into, 44 + ((i - 2) * 8), delay);
                }

                break;
            default:
                Put(into, 0, (uint)kept[0]);
                break;
        }

        return WindowsError.None;
    }

    public uint SetSecurity(nint service, uint what, byte* descriptor)
    {
        Use(service);
        Assert.Equal(4u, what);
        // Revision 1; SE_SELF_RELATIVE and SE_DACL_PRESENT; no owner, group or audit list; the access list: revision 2, its size and number of entries.
        Assert.Equal((1, 0x8004u, 0u, 0u, 0u), (descriptor[0], Number(descriptor, 0) >> 16, Number(descriptor, 4), Number(descriptor, 8), Number(descriptor, 12)));
        var list = descriptor + Number(descriptor, 16);
        Assert.Equal(2, list[0]);
        var (size, count) = (Number(list, 0) >> 16, Number(list, 4) & 0xffff);
        var entries = new List<string>();
        var at = list + 8;
        for (var i = 0; i < count; i++)
        {
            var sid = at + 8;
            Assert.Equal(1, sid[0]);
            var parts = Enumerable.Range(0, sid[1]).Select(part => Number(sid, 8 + (part * 4)));
            entries.Add($"{at[0]} {Number(at, 4):x} S-1-{(sid[6] << 8) | sid[7]}-{string.Join('-', parts)}");
            Assert.Equal(16u + (sid[1] * 4u), Number(at, 0) >> 16);
            at += Number(at, 0) >> 16;
        }

        Assert.Equal(size, (uint)(at - list));
        if (Security is not null)
        {
            Security = entries;
            descriptorBytes = new ReadOnlySpan<byte>(descriptor, (int)(Number(descriptor, 16) + size)).ToArray();
        }

        return WindowsError.None;
    }

    public uint QuerySecurity(nint service, uint what, byte* into, uint size, out uint needed)
    {
        Use(service);
        // Wine's: SE_SELF_RELATIVE, SE_DACL_PRESENT and SE_DACL_DEFAULTED, with an empty list.
        byte[] bytes = Security is null ? [1, 0, 0x0c, 0x80, .. new byte[12], 20, 0, 0, 0, 2, 0, 8, 0, 0, 0, 0, 0] : descriptorBytes;
        needed = (uint)bytes.Length;
        if (size < needed) return WindowsError.InsufficientBuffer;
        bytes.CopyTo(new Span<byte>(into, (int)size));
        return WindowsError.None;
    }

    public uint QueryStatus(nint service, WinSvc.ServiceStatusProcess* status)
    {
        Use(service);
        // RUNNING; STOP, PAUSE_CONTINUE, POWEREVENT and PRESHUTDOWN accepted; process 4711.
        foreach (var (index, number) in ((uint[])[0x10, 4, 0x143, 0, 0, 0, 0, 4711, 0]).Index())
            Put((byte*)status, index * 4, number);
        return WindowsError.None;
    }

    public uint List(nint manager, byte* into, uint size, out uint needed, out uint count, ref uint resume)
    {
        Use(manager);
        // Two pieces of one service each.
        needed = 0;
        count = 1;
        var (name, display) = resume == 0 ? ("orders\0", "Orders\0") : ("注文\0", "Bestellungen\0");
        *(byte**)into = into + 512;
        *(byte**)(into + 8) = into + 768;
        name.CopyTo(new Span<char>(into + 512, 64));
        display.CopyTo(new Span<char>(into + 768, 64));
        foreach (var (index, number) in ((uint[])[0x10, 1, 0, 1066, 3, 0, 0, 0, 0]).Index())
            Put(into, 16 + (index * 4), number);
        resume = resume == 0 ? 1u : 0u;
        return resume == 0 ? WindowsError.None : WindowsError.MoreData;
    }

    public uint ListDependents(nint service, byte* into, uint size, out uint needed, out uint count)
    {
        Use(service);
        needed = 0;
        count = 1;
        *(byte**)into = into + 512;
        *(byte**)(into + 8) = into + 512;
        "web\0".CopyTo(new Span<char>(into + 512, 64));
        return WindowsError.None;
    }

    public uint Start(nint service)
    {
        Use(service);
        return Answers.TryDequeue(out var answer) ? answer : Answer;
    }

    public uint Control(nint service, uint control)
    {
        Use(service);
        Controls.Add(control);
        return Answers.TryDequeue(out var answer) ? answer : Answer;
    }

    public uint Delete(nint service)
    {
        Use(service);
        Exists = false;
        return WindowsError.None;
    }

    public void Close(nint handle) => Assert.True(open.Remove(handle), "a handle is closed that is not open");

    private void Take(uint start, char* commandLine, char* dependencies, char* account, char* password, char* displayName)
    {
        StartNumber = start;
        Config["commandLine"] = Text((byte*)commandLine);
        if (dependencies is not null || !Config.ContainsKey("dependencies")) Config["dependencies"] = dependencies is null ? null : string.Join(',', Texts((byte*)dependencies));
        if (account is not null || !Config.ContainsKey("account")) Config["account"] = Text((byte*)account) ?? "LocalSystem";
        Config["named"] = account is null ? "no" : "yes";
        Config["password"] = Text((byte*)password);
        Config["displayName"] = Text((byte*)displayName);
    }

    private void Use(nint handle) => Assert.Contains(handle, open);

    private uint Hand(out nint service)
    {
        service = ++last;
        open.Add(service);
        return WindowsError.None;
    }

    private static List<object> Actions(byte* info)
    {
        var kept = new List<object> { Number(info, 0), Text(Pointer(info, 16)) ?? "" };
        var first = Pointer(info, 32);
        for (var i = 0; i < Number(info, 24); i++)
            kept.Add((Number(first, i * 8), Number(first, (i * 8) + 4)));
        return kept;
    }

    private static uint Number(byte* from, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(from + offset, 4));

    private static void Put(byte* into, int offset, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(into + offset, 4), number);

    private static byte* Pointer(byte* from, int offset) => *(byte**)(from + offset);

    private static string? Text(byte* text) => text is null ? null : new string((char*)text);

    private static List<string> Texts(byte* list)
    {
        var texts = new List<string>();
        for (var at = (char*)list; *at != 0; at += texts[^1].Length + 1)
            texts.Add(new string(at));
        return texts;
    }
}
