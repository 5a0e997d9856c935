using Holdfast.Node.Incidents;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Node.Tests.Incidents;

/// <summary>The files that decisions are kept in.</summary>
public sealed class DecisionRingTests : IDisposable
{
    private readonly TempFolder root = new();

    private string Folder => root["decisions"];

    public void Dispose() => root.Dispose();

    [Fact]
    public void The_oldest_file_leaves_when_all_together_are_too_long()
    {
        var length = MadeDecisions.Line(1).Bytes.Length;
        var ring = new DecisionRing(Folder, mostBytes: 10 * length, fileBytes: 3 * length);
        Assert.Equal(0, ring.Open().Value);
        for (var number = 1; number <= 50; number++) Assert.True(ring.Append([MadeDecisions.Line(number)]).IsOk);

        var kept = MadeDecisions.Numbers(ring);
        Assert.Equal(Enumerable.Range((int)kept[0], 51 - (int)kept[0]).Select(number => (long)number), kept);
        Assert.InRange(Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length), 6 * length, (10 * length) + 50);
        Assert.Equal(50, new DecisionRing(Folder).Open().Value);

        // Many at once are no exception.
        Assert.True(ring.Append([.. Enumerable.Range(51, 200).Select(number => MadeDecisions.Line(number))]).IsOk);
        Assert.InRange(Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length), length, (10 * length) + 500);
        Assert.Equal(250, MadeDecisions.Numbers(ring)[^1]);
    }

    [Fact]
    public void A_line_that_a_crash_tore_is_missed_and_harms_no_other()
    {
        var ring = new DecisionRing(Folder);
        ring.Open();
        ring.Append([MadeDecisions.Line(1), MadeDecisions.Line(2)]);
        var file = Directory.EnumerateFiles(Folder).Single();
        File.AppendAllText(file, MadeDecisions.Text(MadeDecisions.Line(3).Bytes)[..40]);

        var next = new DecisionRing(Folder);
        Assert.Equal([1, 2], MadeDecisions.Numbers(next));
        Assert.Equal(3, next.Open().Value);
        Assert.True(next.Append([MadeDecisions.Line(4)]).IsOk);
        Assert.Equal([1, 2, -1, 4], MadeDecisions.Numbers(next));
        Assert.Equal(4, new DecisionRing(Folder).Open().Value);
    }

    [Fact]
    public void What_cannot_be_read_at_all_keeps_its_numbers()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "0000000000000000017.jsonl"), [0, 10, 1, 10, 2]);
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "somebody's");
        Assert.Equal(19, new DecisionRing(Folder).Open().Value);
        Assert.True(new DecisionRing(Folder).Append([MadeDecisions.Line(20)]).IsOk);
        Assert.Equal([-1, -1, -1, 20], MadeDecisions.Numbers(new(Folder)));
    }
}
