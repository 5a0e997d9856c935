using System.Globalization;
using System.Text;
using Holdfast.Segments;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>
/// Everything that one instance of the patient (patient.c) wrote against everything that was captured of it: each run's lines once, in
/// order, none between missing. What a run's end may lack is told apart by <see cref="SettleAsync"/>.
/// </summary>
internal sealed class LineAccount(string output, string data) : IDisposable
{
    /// <summary>A write that a killed supervisor did not finish: what the next one says of it.</summary>
    private const string Torn = "were not whole and were cut off";

    private readonly SegmentReader reader = SegmentReader.Open(output, SegmentStart.Beginning, TimeProvider.System);
    private readonly Dictionary<string, long> captured = new(StringComparer.Ordinal);

    /// <summary>Whose line was read last.</summary>
    private string? last;

    private long sequence, missing;

    /// <summary>All lines that were captured.</summary>
    public long Captured { get; private set; }

    /// <summary>Torn writes that were told.</summary>
    public long Notes { get; private set; }

    /// <summary>Lines that could not be written, by the output's own word.</summary>
    public long Told { get; private set; }

    /// <summary>Lines that ended with a supervisor that was killed.</summary>
    public long Lost { get; private set; }

    /// <summary>The most lines that one killed supervisor has cost.</summary>
    public long MostLost { get; private set; }

    /// <summary>Runs whose end was seen.</summary>
    public int Runs { get; private set; }

    /// <summary>Checks what has been captured since the last time.</summary>
    public void Read()
    {
        while (reader.TryRead(out var block))
        {
            if (block.Loss is { } loss)
            {
                Assert.True((block.Flags & BlockFlags.Gap) == 0 && block.Sequence == sequence + 1, $"{output}: {block.Flags} {loss} after {sequence}");
                (sequence, Told, missing) = (block.NextSequence - 1, Told + loss.Lines, missing + loss.Lines);
                continue;
            }

            foreach (var line in block.Split())
            {
                Assert.True(line.Sequence == sequence + 1, $"{output}: sequence {line.Sequence} follows {sequence}");
                sequence = line.Sequence;
                var text = Encoding.UTF8.GetString(line.Text.Span);
                if (line.Stream == StreamKind.Holdfast && text.EndsWith(Torn, StringComparison.Ordinal))
                {
                    Notes++;
                    continue;
                }

                Assert.True(line.Stream == StreamKind.Stdout && line.Flags == BlockFlags.None, $"{output}: {line.Stream} {line.Flags} {text}");
                var parts = text.Split(' ');
                var number = long.Parse(parts[1], CultureInfo.InvariantCulture);
                var before = captured.GetValueOrDefault(parts[0]);
                // One loss may be told for the end of a run and the beginning of the next: what is not this one's is that one's.
                if (before == 0 && last is { } ended && ended != parts[0] && missing >= number)
                    (captured[ended], missing) = (captured[ended] + missing - (number - 1), number - 1);
                last = parts[0];
                Assert.True(number == before + 1 + missing, $"{output}: run {parts[0]}: line {number} follows line {before}, and {missing} were told to be lost");
                captured[parts[0]] = number;
                missing = 0;
                Captured++;
            }
        }
    }

    /// <summary>Waits until all lines of ended runs are there.</summary>
    /// <param name="mayLack">A supervisor was killed since the last time: what a run that is over lacks at its end is counted, not waited for.</param>
    public async Task SettleAsync(bool mayLack)
    {
        var folder = Path.Combine(data, "runs");
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder))
        {
            var run = Path.GetFileName(file);
            var alive = Nodes.TestNode.Lives(int.Parse(run.Split('-')[0], CultureInfo.InvariantCulture));
            var written = Written(file);
            if (alive || !mayLack)
            {
                await Eventually.SeeAsync($"{written} lines of run {run} ({(alive ? "which goes on" : "which is over")}) in {output}", () =>
                {
                    Read();
                    return Task.FromResult(new { Lines = captured.GetValueOrDefault(run) + missing, reader.Place, Segments = Segments() });
                }, seen => seen.Lines >= written);
            }

            if (alive)
                continue;
            Read();
            // One more may have been written than the run came to count.
            var lacking = Math.Max(0, Written(file) - captured.GetValueOrDefault(run) - missing);
            (Lost, MostLost, Runs) = (Lost + lacking, Math.Max(MostLost, lacking), Runs + 1);
            File.Delete(file);
        }
    }

    private string Segments() => string.Join(", ", new DirectoryInfo(output).EnumerateFiles().Select(file => $"{file.Name} {file.Length}").Order(StringComparer.Ordinal));

    public void Dispose() => reader.Dispose();

    private static long Written(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.Length < sizeof(long) ? 0 : BitConverter.ToInt64(bytes);
    }
}
