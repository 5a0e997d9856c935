using System.Buffers.Binary;
using Holdfast.Core.Services;
using Holdfast.Platform.Windows.Jobs;
using Holdfast.Platform.Windows.Ports;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Windows.Selftest.Fakes;

/// <summary>What is passed to calls that Wine lacks, and read from them, against fakes that know Microsoft's bytes. Real Windows shows the rest (docs/windows.md).</summary>
public sealed class FakedCallsTests
{
    private const uint Always = 0x2400;

    private readonly FakeJobApi job = new();
    private readonly FakeLsaApi lsa = new();

    [Fact]
    public void A_fake_job_takes_each_limit_where_Windows_reads_it()
    {
        var (enforced, not) = JobLimits.Apply(job, new LimitsSpec { MemoryBytes = 3L << 30, Processes = 64, Affinity = "0", CpuMillicores = 250 });

        Assert.Equal(JobLimits.Known, enforced);
        Assert.Equal(JobLimits.Unknown, not);
        // KILL_ON_JOB_CLOSE and DIE_ON_UNHANDLED_EXCEPTION with JOB_MEMORY, ACTIVE_PROCESS and AFFINITY; no breakaway.
        Assert.Equal((Always | 0x200 | 0x8 | 0x10, 3UL << 30, 64u, 1UL), (job.Flags, job.JobMemory, job.Processes, job.Affinity));
        // ENABLE and HARD_CAP, in hundredths of a percent of all processors.
        Assert.Equal((5u, JobLimits.RateOf(250, Environment.ProcessorCount)), job.CpuRate);
    }

    [Fact]
    public void A_limit_that_a_fake_job_refuses_takes_no_other_along()
    {
        job.Refused = 0x200;
        var (enforced, not) = JobLimits.Apply(job, new LimitsSpec { MemoryBytes = 3L << 30, Processes = 64 });
        Assert.DoesNotContain("limits.memory", enforced);
        Assert.Contains(not, why => why.StartsWith("limits.memory: ", StringComparison.Ordinal));
        Assert.Equal((Always | 0x8, 64u), (job.Flags, job.Processes));
    }

    [Fact]
    public void Without_limits_a_fake_job_still_dies_with_its_keeper()
    {
        _ = JobLimits.Apply(job, new());
        Assert.Equal((Always, 0UL, (0u, 0u)), (job.Flags, job.JobMemory, job.CpuRate));
    }

    [Fact]
    public void A_fake_job_s_time_is_that_of_user_and_kernel()
    {
        job.Times = (TimeSpan.FromSeconds(90).Ticks, TimeSpan.FromSeconds(30).Ticks);
        var accounting = JobObject.Accounting(job);
        Assert.Equal(TimeSpan.FromMinutes(2), JobUsage.TimeOf(accounting));
        Assert.Equal((7u, 3u), (accounting.Processes, accounting.ActiveProcesses));
    }

    [Fact]
    public void The_right_to_log_on_as_a_service_is_asked_of_a_fake_authority_as_Windows_takes_it()
    {
        Assert.Empty(ServiceLogonRight.Grant(lsa, "S-1-5-21-1-2-3-1001").Problems);
        // POLICY_LOOKUP_NAMES and POLICY_CREATE_ACCOUNT.
        Assert.Equal(0x810u, lsa.Access);
        Assert.Equal(("010500000000000515000000010000000200000003000000E9030000", "SeServiceLogonRight"), lsa.Granted);
        Assert.False(lsa.IsOpen);

        lsa.Denies = true;
        var refused = Assert.Single(ServiceLogonRight.Grant(lsa, "S-1-5-21-1-2-3-1001").Problems);
        Assert.Equal("account.logon-right", refused.Rule);
        Assert.False(lsa.IsOpen);
    }

    [Fact]
    public void Who_listens_is_found_in_a_fake_table_of_either_family()
    {
        // MIB_TCPROW_OWNER_PID: 24 bytes, the port at 8, the process at 20; MIB_TCP6ROW_OWNER_PID: 56 bytes, at 20 and 52. The port's higher byte comes first.
        var four = Table(24, 8, 20, (8080, 4711), (443, 4));
        var six = Table(56, 20, 52, (8080, 815));
        Assert.Equal([4711, 815], TcpTable.Listeners(8080, Read));
        Assert.Equal([4], TcpTable.Listeners(443, Read));
        Assert.Empty(TcpTable.Listeners(80, _ => []));

        byte[] Read(int family) => family == 2 ? four : six;
    }

    private static byte[] Table(int size, int port, int process, params (ushort Port, int Pid)[] rows)
    {
        var bytes = new byte[4 + (size * rows.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, rows.Length);
        foreach (var (index, row) in rows.Index())
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4 + (index * size) + port), row.Port);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + (index * size) + process), row.Pid);
        }

        return bytes;
    }
}
