using System.Text;
using Holdfast.Core.Capture;
using Holdfast.Core.Services;
using Holdfast.Segments;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Tests.Capture;

public sealed class LineTests
{
    [Fact]
    public void Lines_that_come_in_parts_are_stored_whole()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        var stderr = capture.Attach(StreamKind.Stderr);
        capture.Write(stdout, "one\ntw");
        capture.Write(stderr, "error\n");
        capture.Write(stdout, "o\nthr", "ee", "\n");
        Assert.Equal(["stdout one", "stderr error", "stdout two", "stdout three"], capture.Stored());
        Assert.Equal(CaptureStep.Ended, capture.End(stdout));
    }

    [Fact]
    public void A_last_line_without_newline_is_stored_at_the_end()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.Write(stdout, "one\npanic: no newline");
        Assert.Equal(["stdout one"], capture.Stored());
        Assert.Equal(CaptureStep.Ended, capture.End(stdout));
        Assert.Equal(["stdout one", "stdout panic: no newline~"], capture.Stored());
        Assert.Equal(2, capture.Output.Status.LinesWritten);
    }

    [Fact]
    public void A_line_that_pauses_is_stored_unfinished_and_resumed()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.Write(stdout, "Password: ");
        capture.Pause(stdout.Stream);
        Assert.Equal(["stdout Password: ~"], capture.Stored());
        capture.Write(stdout, "ok\nnext\n");
        Assert.Equal(["stdout Password: ~", "stdout ~ok", "stdout next"], capture.Stored());
    }

    [Fact]
    public void A_pause_within_a_character_keeps_the_character_whole()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        var text = Encoding.UTF8.GetBytes("äß€\n");
        capture.Write(stdout, text[..5]);
        capture.Pause(stdout.Stream);
        capture.Write(stdout, text[5..]);
        Assert.Equal(["stdout äß~", "stdout ~€"], capture.Stored());
    }

    [Fact]
    public void An_over_long_line_is_cut_into_pieces_that_give_the_line_again()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        var line = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"€{i % 10}"));
        var bytes = Encoding.UTF8.GetBytes(line + "\nnext\n");
        foreach (var chunk in bytes.Chunk(10_000)) capture.Write(stdout, chunk);
        var stored = capture.Stored();
        Assert.True(stored.Count > 3);
        Assert.Equal("stdout next", stored[^1]);
        Assert.All(stored[1..^1], piece => Assert.StartsWith("stdout ~", piece, StringComparison.Ordinal));
        Assert.Equal(line, string.Concat(stored[..^1].Select(piece => piece["stdout ".Length..].Trim('~'))));
    }

    [Fact]
    public void Law10_a_secret_over_the_cut_of_an_over_long_line_is_redacted()
    {
        for (var offset = 0; offset < 40; offset += 3)
        {
            using var capture = new CaptureFixture(null, "correct horse battery");
            var stdout = capture.Attach();
            var before = new string('x', CaptureLimits.LineBytes - CaptureLimits.CutMargin - offset);
            var bytes = Encoding.UTF8.GetBytes(before + "correct horse battery" + new string('y', 10_000) + "\n");
            foreach (var chunk in bytes.Chunk(30_000)) capture.Write(stdout, chunk);
            var stored = string.Concat(capture.Stored());
            Assert.DoesNotContain("battery", stored, StringComparison.Ordinal);
            Assert.DoesNotContain("correct", stored, StringComparison.Ordinal);
            Assert.Equal(1, capture.Output.Status.Redacted["secret"]);
        }
    }

    [Fact]
    public void A_card_number_that_is_split_over_reads_is_redacted()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.Write(stdout, "card 4111 1111 ", "1111 11", "11 paid\n");
        Assert.Equal(["stdout card [redacted:pan] paid"], capture.Stored());
        Assert.Equal(1, capture.Output.Status.Redacted["pan"]);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_replaced_and_the_rest_stays()
    {
        using var capture = new CaptureFixture();
        var stdout = capture.Attach();
        capture.Write(stdout, [.. "a"u8, 0xFF, .. "b"u8, 0xE2, 0x82, .. "\nnext\n"u8]);
        Assert.Equal(["stdout a\uFFFDb\uFFFD", "stdout next"], capture.Stored());
    }

    [Theory]
    [InlineData("gbk", "支付成功 ok"), InlineData("gb18030", "支付𠀀成功"), InlineData("windows-1252", "café – Übergröße"), InlineData("shift_jis", "表示ソ能")]
    public void Output_in_another_encoding_is_decoded_whatever_the_reads(string name, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        var bytes = encoding.GetBytes(text + "\n" + text + "\n");
        for (var size = 1; size < 6; size++)
        {
            using var capture = new CaptureFixture(new OutputSpec { Encoding = name });
            var stdout = capture.Attach();
            foreach (var chunk in bytes.Chunk(size)) capture.Write(stdout, chunk);
            Assert.Equal([$"stdout {text}", $"stdout {text}"], capture.Stored());
        }
    }

    [Fact]
    public void A_broken_character_does_not_swallow_the_newline_after_it()
    {
        using var capture = new CaptureFixture(new OutputSpec { Encoding = "gbk" });
        var stdout = capture.Attach();
        capture.Write(stdout, [.. "a"u8, 0x81, .. "\nb\n"u8]);
        Assert.Equal("stdout b", capture.Stored()[1]);
        Assert.Equal(2, capture.Output.Status.LinesRead);
    }

    [Theory]
    [InlineData("utf-16"), InlineData("klingon")]
    public void An_encoding_that_cannot_be_read_is_refused(string name) =>
        Assert.Equal("output.encoding", Assert.Single(OutputEncoding.Find(name).Problems).Rule);
}
