using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>From the bytes of a file to whose configuration they are and what it says.</summary>
public static partial class ImportSource
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file: UTF-16 as regedit writes it, or UTF-8.</summary>
    /// <param name="file">Its name, for problems.</param>
    public static Outcome<string> Decode(byte[] bytes, string file)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            return bytes switch
            {
                [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
                [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
                [0xEF, 0xBB, 0xBF, .. var rest] => Strict.GetString(rest),
                [not 0, 0, ..] => Encoding.Unicode.GetString(bytes),
                _ => Strict.GetString(bytes),
            };
        }
        catch (DecoderFallbackException broken)
        {
            var line = 1 + bytes.AsSpan(0, Math.Clamp(broken.Index, 0, bytes.Length)).Count((byte)'\n');
            return new Problem(ProblemKind.BadInput, "import.encoding", "is neither UTF-8 nor UTF-16") { Where = new Place(file, line, 1), Mend = "save it as UTF-8" };
        }
    }

    /// <summary>Null: it is none that is known.</summary>
    public static ImportKind? Recognise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var begin = text.TrimStart('\uFEFF').TrimStart();
        if (begin.StartsWith("Windows Registry Editor", StringComparison.Ordinal) || begin.StartsWith("REGEDIT4", StringComparison.Ordinal)) return ImportKind.Nssm;
        if (OursHead().IsMatch(begin)) return ImportKind.Holdfast;
        if (begin.StartsWith('{') || begin.StartsWith('[')) return begin.Contains("\"ExecutablePath\"", StringComparison.Ordinal) ? ImportKind.Servy : null;
        return RootElement().Match(begin) is { Success: true } root
            ? root.Groups[1].Value == "service" ? ImportKind.Winsw
            : begin.Contains("<ExecutablePath>", StringComparison.Ordinal) ? ImportKind.Servy : null
            : null;
    }

    /// <summary>What another wrapper's configuration says.</summary>
    /// <param name="folder">Where the file lies.</param>
    public static Outcome<ImportedService> Read(ImportKind kind, string text, string file, string folder) => kind switch
    {
        ImportKind.Nssm => NssmImport.Read(text, file),
        ImportKind.Winsw => WinswImport.Read(text, file, folder),
        ImportKind.Servy => ServyImport.Read(text, file),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a definition of ours is no import"),
    };

    [GeneratedRegex(@"^[{\s]*[""']?(apiVersion[""']?\s*:\s*[""']?holdfast/|kind[""']?\s*:\s*[""']?(Installed)?Service\b)", RegexOptions.Multiline)]
    private static partial Regex OursHead();

    /// <summary>The first element, behind declarations and comments: also of what is no XML further down.</summary>
    [GeneratedRegex(@"\A(?:<\?.*?\?>\s*|<!--.*?-->\s*|<![^>]*>\s*)*<(?:[\w.-]+:)?([\w.-]+)", RegexOptions.Singleline)]
    private static partial Regex RootElement();
}
