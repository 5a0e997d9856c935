using System.Text;
using Holdfast.Core.Services;
using Holdfast.Core.Sources;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.Files;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Sources;

/// <summary>On real files: what a service writes there stands in segments, each line once.</summary>
public sealed class FileFollowerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-files-");
    private readonly ManualClock clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<WritingService> services = [];

    public void Dispose()
    {
        foreach (var service in services) service.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void What_is_appended_is_read_once_and_says_where_it_is_from()
    {
        var service = Service();
        service.Append("app.log", "one\ntwo\n");
        service.ReadAll();
        service.Append("app.log", "three\n");
        service.ReadAll();
        service.ReadAll();
        Assert.Equal(["one", "two", "three"], service.Lines());
        Assert.Equal([("logs/app.log", 0, 8), ("logs/app.log", 8, 14)], service.Blocks().Select(block => (block.Origin!.Path, (int)block.Origin.Begin, (int)block.Origin.End)));
        Assert.Equal([1, 3], service.Blocks().Select(block => block.Sequence));
    }

    /// <summary>beats#36541, vector#14253: nothing is sent again after a restart.</summary>
    [Fact]
    public void Beats36541_another_agent_goes_on_where_the_one_before_was()
    {
        var service = Service();
        service.Append("app.log", "one\n");
        service.ReadAll();
        service.Restart();
        service.Append("app.log", "two\n");
        service.ReadAll();
        Assert.Equal(["one", "two"], service.Lines());
    }

    /// <summary>beats#3537, vector#20753: a checkpoint that is empty or gone is made of the segments again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Beats3537_without_its_checkpoint_it_goes_on_all_the_same(bool isEmpty)
    {
        var service = Service();
        service.Append("app.log", "one\n");
        service.ReadAll();
        service.Append("app.log", "two\n");
        service.ReadAll();
        service.Restart();
        var checkpoint = Path.Combine(service.Output, "followed.json");
        Assert.True(File.Exists(checkpoint));
        File.WriteAllText(checkpoint, "");
        if (!isEmpty) File.Delete(checkpoint);
        service.Append("app.log", "three\n");
        service.ReadAll();
        Assert.Equal(["one", "two", "three"], service.Lines());
    }

    /// <summary>vector#22954, fluent-bit#5114: rotated twice while nobody looked.</summary>
    [Fact]
    public void Vector22954_files_that_come_and_are_rotated_twice_between_two_looks_are_read()
    {
        var service = Service();
        service.Append("app.log", "one\n");
        service.ReadAll();
        service.Restart();
        service.Append("app.log", "two\n");
        File.Move(service["app.log"], service["app.log.1"]);
        service.Append("app.log", "three\n");
        File.Move(service["app.log.1"], service["app.log.2"]);
        File.Move(service["app.log"], service["app.log.1"]);
        service.Append("app.log", "four\n");
        service.ReadAll();
        Assert.Equal(["four", "one", "three", "two"], service.Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_copy_is_read_from_where_its_original_was_left_when_it_was_emptied()
    {
        var service = Service();
        service.Append("app.log", "one\n");
        service.ReadAll();
        service.Append("app.log", "two\n");
        File.Copy(service["app.log"], service["app.log.1"]);
        service.ReadAll();
        service.Append("app.log", "three\n");
        File.Copy(service["app.log"], service["app.log.1"], overwrite: true);
        Empty(service["app.log"]);
        service.Append("app.log", "four\n");
        service.ReadAll();
        clock.Advance(TimeSpan.FromMinutes(1));
        service.ReadAll();
        Assert.Equal(["four", "one", "three", "two"], service.Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_deleted_file_is_read_to_its_end_and_let_go_of_when_it_is_silent()
    {
        var service = Service();
        service.Append("app.log", "one\n");
        service.ReadAll();
        using (var writer = new FileStream(service["app.log"], FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            File.Delete(service["app.log"]);
            writer.Write("late\n"u8);
        }

        service.ReadAll();
        Assert.Equal(["one", "late"], service.Lines());
        Assert.Equal(1, service.Follower.Status.Files);
        clock.Advance(FollowLimits.HoldDeleted);
        service.ReadAll();
        service.ReadAll();
        clock.Advance(FollowMachine.GoneAfter);
        for (var look = 1; look < FollowMachine.GoneLooks + 1; look++) service.ReadAll();
        Assert.Equal(0, service.Follower.Status.Files);
        Assert.Empty(service.Losses());
    }

    [Fact]
    public void What_was_seen_and_is_gone_is_counted_and_told()
    {
        var service = Service();
        service.Append("app.log", "one\nno end");
        service.ReadAll();
        service.Restart();
        File.Delete(service["app.log"]);
        service.ReadAll();
        clock.Advance(FollowMachine.GoneAfter);
        for (var look = 1; look < FollowMachine.GoneLooks + 1; look++) service.ReadAll();
        var loss = Assert.Single(service.Losses());
        Assert.Equal((StreamKind.File, 6), (loss.Stream, loss.Bytes));
        Assert.Contains("logs/app.log is gone", loss.Reason, StringComparison.Ordinal);
        service.Restart();
        service.ReadAll();
        Assert.Single(service.Losses());
    }

    [Fact]
    public void A_line_without_an_end_waits_and_is_kept_in_two_parts_when_it_never_comes()
    {
        var service = Service();
        service.Append("app.log", "begin");
        service.ReadAll();
        Assert.Empty(service.Lines());
        clock.Advance(FollowLimits.Pause);
        service.ReadAll();
        service.Append("app.log", " and end\nnext\n");
        service.ReadAll();
        Assert.Equal(["begin", " and end", "next"], service.Lines());
        Assert.Equal([BlockFlags.Unfinished, BlockFlags.Resumed], service.Blocks().Select(block => block.Flags));
    }

    [Fact]
    public void Lines_longer_than_a_segment_likes_come_in_pieces_that_are_one()
    {
        var service = Service();
        var line = string.Concat(Enumerable.Range(0, 90_000).Select(i => $"{i:000000} ä"));
        service.Append("app.log", "before\n" + line + "\nafter\n");
        service.ReadAll();
        Assert.Equal("before\n" + line + "\nafter\n", Whole(service));
        Assert.Contains(service.Blocks(), block => block.Flags == (BlockFlags.Unfinished | BlockFlags.Resumed));
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("gbk")]
    [InlineData("shift_jis")]
    [InlineData("windows-1252")]
    [InlineData("utf-16")]
    [InlineData("utf-16be")]
    public void Other_encodings_are_kept_as_utf8(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var word = encoding switch { "shift_jis" => "支払い完了", "windows-1252" => "Überweisung fällig", _ => "付款已完成" };
        var service = Service(new() { Files = [new("logs/app.log") { Encoding = encoding }] });
        var text = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i} {word}\n")) + string.Concat(Enumerable.Repeat(word, 30_000)) + "\nend\n";
        service.Append("app.log", Encoding.GetEncoding(encoding).GetBytes(text));
        service.ReadAll();
        Assert.Equal(text, Whole(service));
    }

    /// <summary>In UTF-16 half of a letter may be a newline or zero, and a read may end in the middle of one.</summary>
    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16be")]
    public void Utf16_is_read_in_whole_units_with_its_mark_and_over_pieces_of_any_length(string encoding)
    {
        var of = Encoding.GetEncoding(encoding);
        var service = Service(new() { Files = [new("logs/app.log") { Encoding = encoding }] });
        // U+0A0A, U+0A00, U+000A between them, and one outside the first plane.
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} \u0A0A\u0A00 \U0001F4B6 Überweisung\r\n"));
        byte[] bytes = [.. of.Preamble, .. of.GetBytes(text)];
        var random = new Random(5);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 900), bytes.Length - at);
            service.Append("app.log", bytes[at..(at + count)]);
            at += count;
            service.ReadAll();
            if (random.Next(4) == 0) service.Restart();
        }

        Assert.Equal(text, Whole(service));
        // What is written without an end is taken after a while, and no half of a letter of it.
        byte[] open = [.. of.GetBytes("no end yet"), 0x3D];
        service.Append("app.log", open);
        service.ReadAll();
        clock.Advance(FollowLimits.Pause + FollowLimits.Pause);
        service.ReadAll();
        Assert.Equal(text + "no end yet", Whole(service));
    }

    [Fact]
    public void Law10_secrets_and_card_numbers_are_unreadable_on_the_disk()
    {
        var service = Service(null, "hunter2-hunter2");
        service.Append("app.log", "login with hunter2-hunter2\npaid with 4111 1111 1111 1111\n-----BEGIN PRIVATE KEY-----\nAAAA\n");
        service.ReadAll();
        // In the middle of a key, another agent hides the rest of it.
        service.Restart();
        service.Append("app.log", "BBBB\n-----END PRIVATE KEY-----\nplain\n");
        service.ReadAll();
        Assert.Equal(
            ["login with [redacted:secret]", "paid with [redacted:pan]", "[redacted:private-key]", "[redacted:private-key]", "[redacted:private-key]", "[redacted:private-key]", "plain"],
            service.Lines());
        service.Restart();
        foreach (var file in Directory.EnumerateFiles(service.Output)) Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal);
    }

    /// <summary>A writer that does not append leaves a hole where the file was emptied, and a mark of UTF-8 is no part of a line.</summary>
    [Fact]
    public void Holes_and_marks_are_no_part_of_a_line()
    {
        var service = Service();
        service.Append("app.log", [0xEF, 0xBB, 0xBF, .. "one\n"u8]);
        service.ReadAll();
        Empty(service["app.log"]);
        service.Append("app.log", [.. new byte[300_000], .. "two\n"u8]);
        service.ReadAll();
        Assert.Equal(["one", "two"], service.Lines());
    }

    [Fact]
    public void Room_that_a_writer_has_made_beforehand_is_read_when_it_is_filled()
    {
        var service = Service();
        service.Append("app.log", [.. "one\n"u8, .. new byte[200_000]]);
        service.ReadAll();
        clock.Advance(FollowLimits.Pause);
        service.ReadAll();
        using (var file = new FileStream(service["app.log"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.Position = 4;
            file.Write("two\n"u8);
        }

        service.ReadAll();
        Assert.Equal(["one", "two"], service.Lines());
    }

    [Fact]
    public void While_segments_cannot_be_written_the_lines_wait_in_the_files_and_that_is_told()
    {
        if (OperatingSystem.IsWindows()) return;
        var service = Service();
        // Nobody can make a folder where a file is.
        File.WriteAllText(service.Output, "");
        service.Append("app.log", "one\n");
        service.ReadAll();
        Assert.NotEmpty(service.Follower.Status.Troubles);
        File.Delete(service.Output);
        service.ReadAll();
        Assert.Empty(service.Follower.Status.Troubles);
        Assert.Equal(["one"], service.Lines());
    }

    private static void Empty(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
    }

    /// <summary>The text of all blocks, pieces put together again.</summary>
    private static string Whole(WritingService service)
    {
        var text = new StringBuilder();
        foreach (var block in service.Blocks())
        {
            var lines = Encoding.UTF8.GetString(block.Payload.Span);
            text.Append((block.Flags & BlockFlags.Unfinished) != 0 ? lines[..^1] : lines);
        }

        return text.ToString();
    }

    private WritingService Service(OutputSpec? spec = null, params string[] secrets)
    {
        var service = new WritingService(Path.Combine(folder.FullName, $"{services.Count}"), clock, spec, secrets);
        services.Add(service);
        return service;
    }
}
