using System.Text;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Tests.House;

namespace Holdfast.Core.Tests.NativeServices.Importing;

/// <summary>Whose a file is, by its content alone.</summary>
public sealed class ImportSourceTests
{
    [Theory]
    [InlineData("<service><id>a</id></service>", ImportKind.Winsw)]
    [InlineData("\uFEFF<?xml version=\"1.0\"?>\n<!-- <other> -->\n<service>", ImportKind.Winsw)]
    [InlineData("<?xml version=\"1.0\"?><ServiceDto><Name>a</Name><ExecutablePath>a</ExecutablePath></ServiceDto>", ImportKind.Servy)]
    [InlineData("{\"Name\": \"a\", \"ExecutablePath\": \"b\"}", ImportKind.Servy)]
    [InlineData("Windows Registry Editor Version 5.00\r\n\r\n", ImportKind.Nssm)]
    [InlineData("REGEDIT4\r\n", ImportKind.Nssm)]
    [InlineData("apiVersion: holdfast/v1\nkind: Service\n", ImportKind.Holdfast)]
    [InlineData("# a comment\nkind: InstalledService\napiVersion: holdfast/v1\n", ImportKind.Holdfast)]
    [InlineData("{\"apiVersion\": \"holdfast/v1\"}", ImportKind.Holdfast)]
    public void A_kind_is_seen_by_its_content(string text, ImportKind kind) => Assert.Equal(kind, ImportSource.Recognise(text));

    [Theory]
    [InlineData("")]
    [InlineData("[Unit]\nDescription=x\n")]
    [InlineData("<html><body/></html>")]
    [InlineData("{\"name\": \"a\"}")]
    [InlineData("<project><service/></project>")]
    [InlineData("name: a\n")]
    public void What_is_none_is_none(string text) => Assert.Null(ImportSource.Recognise(text));

    [Fact]
    public void Every_word_that_is_taken_stands_in_the_table_beside_its_key()
    {
        var rows = Repository.Lines("docs/windows.md");
        Findings.AssertNone(
            from word in WinswImport.Words.Concat(ServyImport.Words).Concat(NssmImport.Words)
            where !rows.Any(row => row.StartsWith($"| `{word.Value}` |", StringComparison.Ordinal) && row.Contains($"`{word.Key}`", StringComparison.Ordinal))
            select $"{word.Key} → {word.Value}",
            "docs/windows.md lacks a word of another wrapper's:");
    }

    [Fact]
    public void A_file_is_read_as_regedit_and_as_editors_write_it()
    {
        const string Text = "Windows Registry Editor Version 5.00\r\n注文";
        foreach (var encoding in new Encoding[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF8 })
            Assert.Equal(Text, ImportSource.Decode([.. encoding.GetPreamble(), .. encoding.GetBytes(Text)], "x.reg").Value);
        Assert.Equal(Text, ImportSource.Decode(Encoding.UTF8.GetBytes(Text), "x.reg").Value);
        Assert.Equal(Text, ImportSource.Decode(Encoding.Unicode.GetBytes(Text), "x.reg").Value);
        Assert.Equal("", ImportSource.Decode([], "x.reg").Value);
    }

    [Fact]
    public void What_is_no_text_is_told_with_its_line() =>
        Assert.Equal("x.xml:2:1: is neither UTF-8 nor UTF-16; save it as UTF-8 [import.encoding]", Assert.Single(ImportSource.Decode([(byte)'a', (byte)'\n', 0xD7, 0x41], "x.xml").Problems).ToString());
}
