using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

/// <summary>The encodings that output can be decoded from, by the names that .NET and the web give them.</summary>
internal static class Encodings
{
    private static readonly (string Name, string Words)[] known =
    [
        ("utf-8", "The one to write today."),
        ("us-ascii", "Seven bits."),
        ("gb18030", "Chinese, the national standard."),
        ("gbk", "Chinese, what Windows calls code page 936."),
        ("gb2312", "Chinese, the older set."),
        ("big5", "Chinese, traditional."),
        ("shift_jis", "Japanese."),
        ("euc-jp", "Japanese."),
        ("euc-kr", "Korean."),
        ("windows-1250", "Central European."),
        ("windows-1251", "Cyrillic."),
        ("windows-1252", "Western European."),
        ("windows-1253", "Greek."),
        ("windows-1254", "Turkish."),
        ("windows-1255", "Hebrew."),
        ("windows-1256", "Arabic."),
        ("windows-1257", "Baltic."),
        ("windows-1258", "Vietnamese."),
        ("windows-874", "Thai."),
        ("iso-8859-1", "Western European."),
        ("iso-8859-2", "Central European."),
        ("iso-8859-5", "Cyrillic."),
        ("iso-8859-9", "Turkish."),
        ("iso-8859-15", "Western European with the euro sign."),
        ("koi8-r", "Russian."),
        ("ibm437", "The console of old American machines."),
        ("ibm850", "The console of old European machines."),
    ];

    public static ChoiceShape<string> Shape { get; } = Of(known);

    /// <summary>Of files: these are looked at from their beginning, so units of two bytes are no riddle.</summary>
    public static ChoiceShape<string> OfFile { get; } = Of([.. known, ("utf-16", "What Windows calls Unicode, the lower byte first, with a mark at its beginning or without."), ("utf-16be", "The same, the higher byte first.")]);

    private static ChoiceShape<string> Of(IEnumerable<(string Name, string Words)> names) => new([.. names.Select(one => (one.Name, one.Name, one.Words))]);
}
