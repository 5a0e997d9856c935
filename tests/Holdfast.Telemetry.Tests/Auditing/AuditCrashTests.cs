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
}
