using Holdfast.Testing.Clocks;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Segments.Tests.Faults;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Tests.Capture;

public sealed class AccountingTests
{
    [Theory]
    [InlineData(OverflowPolicy.Drop), InlineData(OverflowPolicy.Block)]
    public void Law06_whatever_the_writes_and_the_disk_do_produced_is_written_plus_counted_lost(OverflowPolicy policy) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new Run(policy, seed).Check()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    /// <summary>One random run: lines in random parts through a real pipe, rotations, and phases in which the disk fails.</summary>
    private sealed class Run(OverflowPolicy policy, int seed) : ICaptureObserver
    {
        private readonly Random random = new(seed);
        private readonly FaultyFolder folder = new();
        private readonly StandingClock time = new();
        private readonly CaptureWorkspace workspace = new();
        private bool failing;

        public void Check()
        {
            folder.OnWrite = length => failing && random.Next(3) > 0 ? random.Next(length + 1) : null;
            folder.FailsTruncate = () => failing && random.Next(3) == 0;
            folder.FailsCreate = () => failing && random.Next(2) == 0;
            var spec = new OutputSpec { OnFull = policy, RotateBytes = 700, KeepBytes = long.MaxValue, KeepAge = TimeSpan.MaxValue };
            var output = new OutputCapture(p => SegmentWriter.Open(folder, p, time), CaptureSettings.From(spec, []).Value, this, time, null);
            var pipe = Pipe.Create();
            var stream = output.Attach(StreamKind.Stdout, pipe.Read);
            var produced = Drive(pipe, stream);
            failing = false;
            time.Advance(TimeSpan.FromSeconds(5));
            pipe.Write.Dispose();
            while (stream.OnReadable(workspace) != CaptureStep.Ended) stream.Retry();
            output.Tend();

            var status = output.Status;
            Assert.Equal(produced, status.LinesRead);
            Assert.Equal(status.LinesRead, status.LinesWritten + status.LinesDropped);
            Assert.Null(status.Trouble);
            if (policy == OverflowPolicy.Block) Assert.Equal(0, status.LinesDropped);
            output.Dispose();
            Assert.Equal((status.LinesWritten, status.LinesDropped), Read(produced));
        }

        void ICaptureObserver.Trouble(Problem problem)
        {
        }

        void ICaptureObserver.Recovered(CaptureRecovery recovery)
        {
        }

        private int Drive(Pipe pipe, CaptureStream stream)
        {
            const int lines = 200;
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, lines).Select(n => $"line {n}\n")));
            for (var at = 0; at < text.Length;)
            {
                if (random.Next(12) == 0) failing = !failing;
                time.Advance(TimeSpan.FromMilliseconds(random.Next(300)));
                var count = Math.Min(random.Next(1, 60), text.Length - at);
                pipe.Write.Write(text.AsSpan(at, count));
                at += count;
                if (stream.IsHeld) stream.Retry();
                if (random.Next(3) > 0) stream.OnReadable(workspace);
            }

            return lines;
        }

        void ICaptureObserver.Synced()
        {
        }

        /// <summary>Lines and losses on the disk, which must follow each other without gap or repetition.</summary>
        private (long Lines, long Lost) Read(int produced)
        {
            var (next, lines, lost) = (1L, 0L, 0L);
            using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
            while (reader.TryRead(out var block))
            {
                Assert.Equal(next, block.Sequence);
                if (block.Loss is { } loss) lost += loss.Lines;
                foreach (var line in block.Split())
                {
                    if (line.Stream != StreamKind.Stdout) continue;
                    Assert.Equal($"line {line.Sequence.ToString(CultureInfo.InvariantCulture)}", Encoding.UTF8.GetString(line.Text.Span));
                    lines++;
                }

                next = block.NextSequence;
            }

            Assert.Equal(produced + 1, next);
            return (lines, lost);
        }
    }
}
