using System.Collections.Concurrent;
using Holdfast.Platform;

namespace Holdfast.Windows.Selftest.Waiting;

/// <summary>That no wake-up is ever lost, whatever comes between arming, looking, taking away and adding again.</summary>
public sealed class StressTests
{
    private const int Pipes = 40;
    private const int WritesOfEach = 60;

    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public void Every_byte_of_many_pipes_is_read_while_they_are_taken_away_and_added_again()
    {
        var seed = Random.Shared.Next();
        using var readiness = Readiness.Create();
        var pipes = Enumerable.Range(0, Pipes).Select(_ => Pipe.Create(4096)).ToList();
        var written = new ConcurrentDictionary<int, long>();
        for (var i = 0; i < Pipes; i++) readiness.Add(pipes[i].Read.Handle, i);
        var writers = Enumerable.Range(0, 4).Select(which => new Thread(() => Write(pipes, which, new Random(seed + which), written))).ToList();
        writers.ForEach(writer => writer.Start());

        var read = ReadToTheEnds(readiness, pipes, new Random(seed + 99));
        writers.ForEach(writer => writer.Join());
        Assert.True(read.SequenceEqual(Enumerable.Range(0, Pipes).Select(i => written[i])), $"seed {seed}: {string.Join(' ', read)}, and {string.Join(' ', written.OrderBy(one => one.Key).Select(one => one.Value))} were written");
        pipes.ForEach(pipe => pipe.Dispose());
    }

    private static void Write(List<Pipe> pipes, int which, Random random, ConcurrentDictionary<int, long> written)
    {
        for (var round = 0; round < WritesOfEach; round++)
        {
            for (var i = which; i < pipes.Count; i += 4)
            {
                var bytes = new byte[1 + random.Next(3000)];
                pipes[i].Write.Write(bytes);
                written.AddOrUpdate(i, bytes.Length, (_, before) => before + bytes.Length);
                if (round == WritesOfEach - 1) pipes[i].Write.Dispose();
            }

            if (random.Next(4) == 0) Thread.Yield();
        }
    }

    private static long[] ReadToTheEnds(Readiness readiness, List<Pipe> pipes, Random random)
    {
        var read = new long[pipes.Count];
        var away = new List<int>();
        var open = pipes.Count;
        Span<ReadyEvent> events = stackalloc ReadyEvent[8];
        var buffer = new byte[2000];
        var until = BootClock.SinceBoot + Generous;
        while (open > 0)
        {
            Assert.True(BootClock.SinceBoot < until, $"{open} pipes have not come to their ends");
            var count = readiness.Wait(events, away.Count > 0 ? TimeSpan.Zero : Generous);
            foreach (var ready in events[..count])
            {
                var i = (int)ready.Token;
                var result = pipes[i].Read.Read(buffer);
                read[i] += result.Bytes;
                if (result.State == ReadState.End)
                {
                    readiness.Remove(pipes[i].Read.Handle);
                    open--;
                }
                else if (random.Next(10) == 0)
                {
                    readiness.Remove(pipes[i].Read.Handle);
                    away.Add(i);
                }
            }

            if (away.Count == 0 || (count > 0 && random.Next(3) > 0)) continue;
            foreach (var i in away) readiness.Add(pipes[i].Read.Handle, i);
            away.Clear();
        }

        return read;
    }
}
