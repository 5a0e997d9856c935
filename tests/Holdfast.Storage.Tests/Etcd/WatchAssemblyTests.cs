using Google.Protobuf;
using Holdfast.Storage.Etcd;
using Wire = Holdfast.Storage.Etcd.Wire;

namespace Holdfast.Storage.Tests.Etcd;

public sealed class WatchAssemblyTests
{
    private readonly WatchAssembly assembly = new(new EtcdKeys("prod"), 5);

    [Fact]
    public void Changes_are_told_up_to_the_last_revision()
    {
        var told = assembly.Take(Response(5, 5, 7), progressIsTrue: false)!;
        Assert.Equal((7, 3), (told.Revision, told.Items.Count));
        Assert.Equal((8, 7), (assembly.Next, assembly.Told));
        Assert.Equal(["k0", "k1", "k2"], told.Items.Select(c => c.Item.Key.ToString()));
    }

    [Fact]
    public void Of_an_answer_in_pieces_a_revision_is_told_when_it_is_whole()
    {
        var first = assembly.Take(Piece(Response(5, 6, 6)), progressIsTrue: false)!;
        Assert.Equal((5, 1), (first.Revision, first.Items.Count));
        Assert.Null(assembly.Take(Piece(Response(6)), progressIsTrue: false));
        var last = assembly.Take(Response(6, 7), progressIsTrue: false)!;
        Assert.Equal((7, 5), (last.Revision, last.Items.Count));
    }

    [Fact]
    public void A_piece_that_broke_off_comes_again_and_is_told_once()
    {
        Assert.Equal(5, assembly.Take(Piece(Response(5, 6)), progressIsTrue: false)!.Revision);
        assembly.BeginAgain();
        Assert.Equal(6, assembly.Next);
        var again = assembly.Take(Response(6, 6), progressIsTrue: false)!;
        Assert.Equal((6, 2), (again.Revision, again.Items.Count));
    }

    [Fact]
    public void What_was_told_is_not_told_again()
    {
        assembly.Take(Response(5, 6), progressIsTrue: false);
        Assert.Null(assembly.Take(Response(5, 6), progressIsTrue: false));
        Assert.Equal(7, assembly.Take(Response(6, 7), progressIsTrue: false)!.Items.Single().Item.ModRevision);
    }

    /// <summary>etcd#15220: before 3.5.8 the word "nothing up to here" could come ahead of a change.</summary>
    [Fact]
    public void Etcd15220_progress_moves_the_beginning_only_where_it_can_be_believed()
    {
        var progress = new Wire.WatchResponse { Header = new() { Revision = 90 } };
        Assert.Null(assembly.Take(progress, progressIsTrue: false));
        Assert.Equal(5, assembly.Next);
        Assert.Null(assembly.Take(progress, progressIsTrue: true));
        Assert.Equal(91, assembly.Next);
        Assert.Null(assembly.Take(new() { Header = new() { Revision = 95 }, Created = true }, progressIsTrue: true));
        Assert.Equal(91, assembly.Next);
    }

    private static Wire.WatchResponse Piece(Wire.WatchResponse response)
    {
        response.Fragment = true;
        return response;
    }

    private static Wire.WatchResponse Response(params long[] revisions) => new()
    {
        Header = new() { Revision = revisions[^1] },
        Events = { revisions.Select((r, i) => new Wire.Event { Kv = new() { Key = ByteString.CopyFromUtf8($"prod:k{i}"), ModRevision = r } }) },
    };
}
