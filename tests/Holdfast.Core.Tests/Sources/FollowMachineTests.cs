using System.Text;
using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

public sealed class FollowMachineTests
{
    private readonly Dictionary<FileIdentity, string> contents = [];
    private readonly HashSet<FileIdentity> open = [];
    private FollowState state = FollowState.Begin;
    private TimeSpan now;

    private static FileIdentity Inode(ulong number) => new(1, number);

    [Fact]
    public void A_new_file_is_read_from_its_beginning_and_one_that_rotation_made_before_is_not()
    {
        Look(Seen(1, "app.log", "one\n"), Seen(2, "app.log.1", "before\n", FileKind.Rotated));
        Assert.Equal((0, 4), (File(1).Offset, File(1).Known));
        Assert.False(File(2).HasMore);
    }

    [Fact]
    public void Beats44780_a_file_of_a_few_bytes_is_a_file()
    {
        Look(Seen(1, "app.log", "a\n"));
        Read(1);
        Look(Seen(1, "app.log", "a\nb\n"));
        Assert.Equal((2, 4), (File(1).Offset, File(1).Known));
    }

    [Fact]
    public void A_renamed_file_is_the_same_though_its_name_matches_nothing_any_more()
    {
        Look(Seen(1, "app.log", "one\n"));
        Read(1);
        Look(Seen(1, "old", "one\ntwo\n", FileKind.Other), Seen(2, "app.log", "new\n"));
        Assert.Equal((4, 8, "old"), (File(1).Offset, File(1).Known, File(1).Path));
        Assert.Equal((0, 4), (File(2).Offset, File(2).Known));
    }

    [Fact]
    public void Vector23076_another_file_with_the_inode_of_a_deleted_one_is_read_from_its_beginning()
    {
        Look(Seen(1, "app.log", "the first file\n"));
        Read(1);
        // Longer than the offset, and shorter.
        Look(Seen(1, "app.log", "another one, and longer\n"));
        Assert.Equal(0, File(1).Offset);
        Read(1);
        Look(Seen(1, "app.log", "x\n"));
        Assert.Equal(0, File(1).Offset);
    }

    [Fact]
    public void Vector23619_a_file_that_was_emptied_and_written_anew_with_the_same_header_is_another_one()
    {
        Look(Seen(1, "app.log", "# header\none\n"));
        Read(1);
        Look(Seen(1, "app.log", "# header\ntwo\nthree\n"));
        Assert.Equal(0, File(1).Offset);
    }

    [Fact]
    public void FluentBit11455_an_offset_behind_the_end_of_the_file_is_none()
    {
        Look(Seen(1, "app.log", "a long line of before\n"));
        Read(1);
        Look(Seen(1, "app.log", "b\n"));
        Assert.Equal((0, 2), (File(1).Offset, File(1).Known));
    }

    [Fact]
    public void What_stood_unread_in_a_file_that_is_emptied_is_read_from_its_copy()
    {
        Look(Seen(1, "app.log", "one\n"));
        Read(1);
        Look(Seen(1, "app.log", ""), Seen(2, "app.log.1", "one\ntwo\n", FileKind.Rotated));
        Assert.Equal((4, 8), (File(2).Offset, File(2).Known));
        Assert.Equal(0, File(1).Offset);
    }

    [Fact]
    public void What_was_known_to_be_there_and_is_nowhere_is_a_loss()
    {
        Look(Seen(1, "app.log", "one\n"));
        Read(1);
        Look(Seen(1, "app.log", "one\ntwo\n"));
        var step = Look(Seen(1, "app.log", ""));
        var loss = Assert.Single(step.Lost);
        Assert.Equal((4, 4), (loss.Bytes, loss.File.Offset));
        Assert.Contains("was emptied", loss.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_file_that_is_held_open_is_read_on_and_one_that_is_not_is_gone()
    {
        Look(Seen(1, "app.log", "one\n"), Seen(2, "other.log", "1\n"));
        Read(2);
        open.Add(Inode(1));
        Look();
        Assert.True(File(1).IsGone);
        // A look may miss what is there.
        Assert.Equal(2, File(2).Offset);
        Look(Seen(2, "other.log", "1\n"));
        Assert.Null(File(2).MissingSince);
        Look();
        now += FollowMachine.GoneAfter;
        for (var look = 1; look < FollowMachine.GoneLooks; look++) Look();
        Assert.NotNull(state.Find(Inode(2)));
        Look();
        Assert.Null(state.Find(Inode(2)));
    }

    [Fact]
    public void Where_not_all_could_be_looked_at_nothing_is_gone()
    {
        Look(Seen(1, "app.log", "one\n"));
        Read(1);
        var step = FollowMachine.Look(state, new([], IsWhole: false), Proof, open.Contains, now);
        Assert.Equal(4, step.State.Find(Inode(1))!.Offset);
        Assert.Empty(step.Lost);
    }

    [Fact]
    public void What_cannot_be_looked_into_now_is_not_another_one_for_that()
    {
        Look(Seen(1, "app.log", "one\n"));
        Read(1);
        var step = FollowMachine.Look(state, new([Seen(1, "app.log", "one\ntwo\n")]), (_, _) => null, open.Contains, now);
        Assert.Equal((4, 8), (step.State.Find(Inode(1))!.Offset, step.State.Find(Inode(1))!.Known));
    }

    [Fact]
    public void A_copy_in_the_making_waits_and_one_that_stays_is_a_file_of_its_own_if_its_name_is_asked_for()
    {
        Look(Seen(1, "app.log", "one\ntwo\n"));
        Read(1);
        Look(Seen(1, "app.log", "one\ntwo\n"), Seen(2, "app.log.1", "one\n", FileKind.Rotated), Seen(3, "copy.log", "one\n"));
        Assert.Equal([Inode(2), Inode(3)], state.Waiting.Select(file => file.Identity).Order(Comparer<FileIdentity>.Create((a, b) => a.Number.CompareTo(b.Number))));
        now += FollowMachine.CopyWait;
        Look(Seen(1, "app.log", "one\ntwo\n"), Seen(2, "app.log.1", "one\n", FileKind.Rotated), Seen(3, "copy.log", "one\n"));
        Assert.Empty(state.Waiting);
        Assert.False(File(2).HasMore);
        Assert.Equal(0, File(3).Offset);
    }

    [Fact]
    public void What_begins_as_a_file_that_is_read_and_is_longer_is_no_copy_of_it()
    {
        Look(Seen(1, "app.log", "# header\n"));
        Read(1);
        Look(Seen(2, "app.log", "# header\n"), Seen(3, "app.log.1", "# header\none\n", FileKind.Rotated), Seen(1, "app.log.2", "# header\n", FileKind.Rotated));
        Assert.Null(state.Find(Inode(3)));
        now += FollowMachine.CopyWait;
        Look(Seen(2, "app.log", "# header\n"), Seen(3, "app.log.1", "# header\none\n", FileKind.Rotated), Seen(1, "app.log.2", "# header\n", FileKind.Rotated));
        Assert.Equal((0, 13), (File(3).Offset, File(3).Known));
    }

    [Fact]
    public void More_files_than_are_read_are_counted()
    {
        var step = Look([.. Enumerable.Range(1, FollowMachine.MostFiles + 3).Select(i => Seen((ulong)i, $"{i:0000}.log", $"{i}\n"))]);
        Assert.Equal(3, step.NotFollowed);
        Assert.Equal(FollowMachine.MostFiles, state.Files.Count);
    }

    [Fact]
    public void A_file_is_the_same_after_it_was_written_down_with_a_block()
    {
        var file = new FollowedFile(Inode(0xAB), "logs/app.log", 17, "00ff") { Known = 17, MidLine = true, KeyLines = 3, Encoding = "gb18030" };
        Assert.Equal(file, FollowedFile.Parse(file.Path, file.Offset, file.State(), midLine: true));
        Assert.Equal(file with { Proof = "" }, FollowedFile.Parse(file.Path, file.Offset, (file with { Proof = "" }).State(), midLine: true));
        Assert.Null(FollowedFile.Parse("p", 1, "nonsense", midLine: false));
    }

    private SeenFile Seen(ulong inode, string path, string content, FileKind kind = FileKind.Wanted)
    {
        contents[Inode(inode)] = content;
        return new(Inode(inode), path, content.Length, kind);
    }

    private string? Proof(SeenFile seen, long offset)
    {
        var content = Encoding.UTF8.GetBytes(contents[seen.Identity]);
        var bytes = FileProof.Bytes(offset);
        return content.Length < offset ? null : FileProof.Of(content.AsSpan(0, bytes), content.AsSpan((int)offset - bytes, bytes));
    }

    private FollowStep Look(params SeenFile[] seen)
    {
        var step = FollowMachine.Look(state, new(seen), Proof, open.Contains, now);
        state = step.State;
        return step;
    }

    private FollowedFile File(ulong inode) => state.Find(Inode(inode))!;

    /// <summary>To its end.</summary>
    private void Read(ulong inode)
    {
        var file = File(inode);
        state = state.With(file with { Offset = file.Known, Proof = Proof(new(file.Identity, "", 0, FileKind.Other), file.Known)! });
    }
}
