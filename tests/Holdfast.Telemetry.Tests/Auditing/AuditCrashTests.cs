using Holdfast.Core.Auditing;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Auditing;

public sealed class AuditCrashTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Law11_after_a_kill_every_answered_entry_is_there_and_the_chain_is_whole()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        var answered = new HashSet<long>();
        foreach (var lines in (int[])[1, 7, 60])
        {
            using var process = CrashingProcess.Start(typeof(Program).Assembly.Location, "append", folder.Path);
            var said = await process.KillAfterAsync(lines, deadline.Token);
            // The last line may have been cut by the kill; a whole one is a number that was answered.
            answered.UnionWith(said.SkipLast(1).Select(long.Parse));

            using (var log = LogFolder.Open(folder.Path, TimeProvider.System).Value)
                Assert.True(log.Append(LogFolder.Record("after the crash")).IsOk);
            var verdict = folder.Verify();
            Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
            var there = AuditReader.Read(folder.Path, new AuditQuery()).Select(e => e.Sequence).ToHashSet();
            Assert.Subset(there, answered);
        }
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(50, 100)]
    public void Law11_an_entry_whose_end_reached_the_disk_before_its_beginning_is_cut_off(int from, int length)
    {
        var head = folder.Write(3);
        var whole = File.ReadAllBytes(folder.Files[^1]);
        // As a power cut leaves it: the file has the length of a further line, and of its sectors not all.
        var line = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(new string('x', 300)), (byte)'\n'];
        line.AsSpan(from, length).Clear();
        File.WriteAllBytes(folder.Files[^1], [.. whole, .. line]);

        Assert.True(folder.Verify(head).Whole);
        using (folder.Open())
        {
            var verdict = folder.Verify(head);
            Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
            var recovered = Assert.Single(AuditReader.Read(folder.Path, new AuditQuery()), entry => entry.Action == AuditAction.Recovered);
            Assert.Equal("301", recovered.Details["bytes"]);
        }
    }

    [Fact]
    public void Law10_zeros_in_an_entry_that_counted_are_damage()
    {
        folder.Write(3);
        var bytes = File.ReadAllBytes(folder.Files[^1]);
        bytes.AsSpan(bytes.Length - 60, 20).Clear();
        File.WriteAllBytes(folder.Files[^1], bytes);

        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
        Assert.False(folder.Verify().Whole);
    }
}
