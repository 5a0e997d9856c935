using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>/proc/PID/stat and its neighbours (proc_pid_stat(5) numbers the fields).</summary>
[SupportedOSPlatform("linux")]
internal static class ProcStat
{
    private static readonly long TicksPerClockTick = TimeSpan.TicksPerSecond / Libc.SystemConfiguration(Libc.SC_CLK_TCK);

    public static ProcessFacts? Read(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return Parse(pid, ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), buffer));
    }

    public static string? Executable(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static int? OpenFiles(int pid)
    {
        // Since Linux 6.2 the folder's size is their number; before, it is 0.
        if (PosixFileFacts.Size(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")) is > 0 and var count)
            return (int)count;
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>0 when it is gone. The kernel has this at hand; for the rest of what <see cref="Read"/> tells it goes through the process's threads.</summary>
    public static long ResidentBytes(int pid)
    {
        Span<byte> buffer = stackalloc byte[256];
        var statm = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm"), buffer);
        var second = statm.IndexOf((byte)' ') + 1;
        return second > 0 && Utf8Parser.TryParse(statm[second..], out long pages, out _) ? pages * Environment.SystemPageSize : 0;
    }

    /// <summary>The letter that the kernel shows: R, S, D, T (stopped), Z; X also where it is gone.</summary>
    public static char StateOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var stat = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), buffer);
        var close = stat.LastIndexOf((byte)')');
        return close < 0 ? 'X' : (char)stat[close + 2];
    }

    /// <summary>Every process of the host at this moment.</summary>
    public static List<ProcessFacts> ReadAll()
    {
        var all = new List<ProcessFacts>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } facts)
                all.Add(facts);
        }

        return all;
    }

    private static ProcessFacts? Parse(int pid, ReadOnlySpan<byte> stat)
    {
        // The name stands in parentheses and may hold any character, parentheses as well: the last one ends it.
        var open = stat.IndexOf((byte)'(');
        var close = stat.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return null;
        var name = Encoding.UTF8.GetString(stat[(open + 1)..close]);
        Span<long> fields = stackalloc long[25];
        var rest = stat[(close + 2)..];
        var state = rest[0];
        var number = 3;
        foreach (var range in rest.Split((byte)' '))
        {
            if (number >= fields.Length)
                break;
            _ = Utf8Parser.TryParse(rest[range], out fields[number++], out _);
        }

        var threads = (int)fields[20];
        return new(
            pid,
            ParentPid: (int)fields[4],
            Session: (int)fields[6],
            CreationTime: fields[22],
            name,
            Cpu: Ticks(fields[14] + fields[15]),
            ChildrenCpu: Ticks(fields[16] + fields[17]),
            ResidentBytes: fields[24] * Environment.SystemPageSize,
            threads,
            // A first thread that ended before the others is shown as a zombie too, but its process is not one.
            Ended: state is (byte)'Z' or (byte)'X' && threads <= 1);
    }

    private static TimeSpan Ticks(long clockTicks) => new(clockTicks * TicksPerClockTick);
}
