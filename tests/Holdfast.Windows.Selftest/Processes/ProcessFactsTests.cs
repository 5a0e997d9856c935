using Holdfast.Platform;

namespace Holdfast.Windows.Selftest.Processes;

public sealed class ProcessFactsTests
{
    [Fact]
    public void This_process_is_what_it_is()
    {
        var facts = ProcessFacts.Read(Environment.ProcessId)!;
        Assert.Equal("holdfast-windows-selftest.exe", facts.Name);
        Assert.False(facts.Ended);
        Assert.InRange(facts.Threads, 2, 1000);
        Assert.InRange(facts.ResidentBytes, 1 << 20, 1L << 32);
        Assert.Equal(Environment.ProcessPath, ProcessFacts.Executable(Environment.ProcessId));
    }

    [Fact]
    [Running.WineLacks("counts of a process's handles")]
    public void It_has_some_handles_open() => Assert.InRange(ProcessFacts.OpenFiles(Environment.ProcessId)!.Value, 3, 100_000);

    [Fact]
    public void It_is_alive_by_its_creation_time_and_by_no_other()
    {
        var created = ProcessFacts.Read(Environment.ProcessId)!.CreationTime;
        Assert.True(ProcessFacts.IsAlive(Environment.ProcessId, created));
        Assert.False(ProcessFacts.IsAlive(Environment.ProcessId, created + 1));
        Assert.InRange(ProcessFacts.Age(created), TimeSpan.Zero, TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_facts() => Assert.Null(ProcessFacts.Read(0x7ffffff0));

    [Fact]
    public void The_processors_are_counted_from_zero() =>
        Assert.Equal(Environment.ProcessorCount == 1 ? "0" : $"0-{Environment.ProcessorCount - 1}", HostCpus.Online());
}
