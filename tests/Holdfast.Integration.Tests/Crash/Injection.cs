using System.IO.MemoryMappedFiles;
using System.Text;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>The page that the test shares with inject.c in each of a node's programs: its members are at the offsets of the C struct.</summary>
internal sealed class Injection : IDisposable
{
    private const int Roles = 0, Action = 4, At = 8, Until = 12, Count = 16, FiredCount = 20, Victim = 24, Trace = 28, Record = 32, Sockets = 36;
    private const int AgentClock = 40, Kind = 48, KindSize = 32, PathPattern = 80, PathSize = 256, Step = 336, StepSize = 256, EndedPid = 592, Size = 600;

    private readonly string file;
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor page;

    private Injection(string file)
    {
        this.file = file;
        foreach (var beside in (string[])["", ".trace", ".disk"])
            System.IO.File.WriteAllBytes(file + beside, beside.Length == 0 ? new byte[Size] : []);
        mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open, mapName: null, Size);
        page = mapped.CreateViewAccessor();
    }

    /// <summary>The disk's stream (<see cref="Disk.DiskLog"/>).</summary>
    public string DiskFile => file + ".disk";

    /// <summary>How many calls were acted on since it was armed.</summary>
    public int Fired => page.ReadInt32(FiredCount);

    /// <summary>The process that is killed by it.</summary>
    public int Ended => page.ReadInt32(EndedPid);

    /// <summary>How many matched.</summary>
    public int Matched => page.ReadInt32(Count);

    /// <summary>Where it was acted on last.</summary>
    public string FiredAt => ReadText(Step, StepSize);

    /// <summary>By how much the agent's wall clock is ahead.</summary>
    public TimeSpan AgentClockAhead
    {
        set => page.Write(AgentClock, value.Ticks * 100);
    }

    /// <summary>For a node that is not started yet: all its programs will look at the page.</summary>
    public static async Task<Injection> IntoAsync(TestNode node)
    {
        var injection = new Injection(Path.Combine(node.Root, "inject"));
        node.ExtraEnvironment["LD_PRELOAD"] = await NativeParts.InjectAsync();
        node.ExtraEnvironment["HOLDFAST_TEST_INJECT"] = injection.file;
        node.ExtraEnvironment["HOLDFAST_TEST_ROOT"] = node.Home;
        return injection;
    }

    /// <summary>From now on calls of these roles that match are counted, and those from <see cref="Aim.At"/> on acted on.</summary>
    public void Arm(Aim aim)
    {
        Disarm();
        page.Write(Action, (int)aim.Action);
        page.Write(At, aim.At);
        page.Write(Until, aim.At + aim.Times - 1);
        page.Write(Count, 0);
        page.Write(FiredCount, 0);
        page.Write(Victim, aim.Victim);
        page.Write(Trace, aim.Traced ? 1 : 0);
        page.Write(Sockets, aim.Sockets ? 1 : 0);
        WriteText(Kind, KindSize, aim.Kind);
        WriteText(PathPattern, PathSize, aim.Path);
        WriteText(Step, StepSize, "");
        page.Write(Roles, (int)aim.Roles);
    }

    public void Disarm() => page.Write(Roles, 0);

    /// <summary>Every change of the home by these roles is written to <see cref="DiskFile"/> until it is disarmed.</summary>
    public void RecordDisk(Role roles)
    {
        Arm(new() { Roles = roles });
        page.Write(Record, 1);
    }

    /// <summary>What was traced since the last time, a line per call: role, kind, path.</summary>
    public List<TracedCall> TakeTrace()
    {
        Disarm();
        var calls = System.IO.File.ReadLines(file + ".trace").Select(TracedCall.Parse).ToList();
        // Emptied in place: the programs have it open for appending.
        using var emptied = new FileStream(file + ".trace", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
        return calls;
    }

    public void Dispose()
    {
        page.Dispose();
        mapped.Dispose();
    }

    private void WriteText(int at, int size, string text)
    {
        var bytes = new byte[size];
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(0, size - 1));
        page.WriteArray(at, bytes, 0, size);
    }

    private string ReadText(int at, int size)
    {
        var bytes = new byte[size];
        page.ReadArray(at, bytes, 0, size);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Max(0, bytes.IndexOf((byte)0))));
    }
}

/// <summary>Which calls are meant, and what is done about them.</summary>
internal sealed record Aim
{
    public required Role Roles { get; init; }

    public FaultAction Action { get; init; }

    /// <summary>Of the calls that match the first that is acted on, from 1; 0: none, they are only counted.</summary>
    public int At { get; init; }

    /// <summary>On how many, from that one on.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Who is killed; 0: who makes the call.</summary>
    public int Victim { get; init; }

    /// <summary>create, write, sync, rename, unlink, mkdir, rmdir, truncate, link, birth, kill, send, connect; * is all.</summary>
    public string Kind { get; init; } = "*";

    /// <summary>Below the home or the home's cgroup; * stops at a slash, and alone is all.</summary>
    public string Path { get; init; } = "*";

    public bool Traced { get; init; }

    /// <summary>Sends and connects are looked at, too.</summary>
    public bool Sockets { get; init; }
}
