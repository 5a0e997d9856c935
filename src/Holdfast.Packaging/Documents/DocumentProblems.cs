using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Documents;

/// <summary>Everything that can be wrong with a text before anybody asks what it means.</summary>
internal static class DocumentProblems
{
    public static Problem Syntax(Place place, string message) =>
        Make("document.syntax", place, $"This is not YAML: {Sentence(message)}",
            "what follows cannot be read", "look for a missing colon, quote or bracket, a tab, or a wrong indentation here or just before");

    public static Problem Tab(Place place) =>
        Make("document.tab", place, "A tab stands in the indentation", "YAML indents with spaces only", "replace it with spaces");

    public static Problem Empty(Place place) => Make("document.empty", place, "The document is empty", null, "`holdfast init NAME` writes one to begin with");

    public static Problem TooLarge(Place place, int length) =>
        Make("document.too-large", place, $"The document has {length} characters; {YamlDocument.MaxLength} are allowed", null, "move data into files of the package");

    public static Problem TooDeep(Place place) =>
        Make("document.too-deep", place, $"The document is nested more than {YamlDocument.MaxDepth} levels deep", null, "flatten it");

    public static Problem Unprintable(Place place, char c) =>
        Make("document.unprintable", place, $"The character U+{(int)c:X4} stands here",
            "it is invisible or makes the text look other than it is read", "remove it, or write it as an escape inside double quotes");

    public static Problem Encoding(Place place) =>
        Make("document.encoding", place, "The file is not UTF-8", "here is a character that could not be decoded", "save it as UTF-8");

    public static Problem Many(Place place) =>
        Make("document.many", place, "A second document begins here", "one file holds one document", "put it into a file of its own");

    public static Problem KeyIsNoText(Place place, string words) =>
        Make("document.key", place, $"A key must be text; here it is {words}", null, "write `key: value`, the key in quotes if it is unusual");

    public static Problem MergeKey(Place place) =>
        Make("document.merge-key", place, "Merge keys (`<<`) are not read", "what runs must be what a reviewer sees", "write the keys out, or use values");

    public static Problem DuplicateKey(Place place, string key, Place first) =>
        Make("document.duplicate-key", place, $"The key `{Short(key)}` is given twice", $"first in line {first.Line}; which one counts would be a guess", "remove one of them");

    public static Problem Anchor(Place place, string name) =>
        Make("document.anchor", place, $"The anchor `&{Short(name)}` is not read", "what runs must be what a reviewer sees", "remove it and write the value out where it is needed; a text that begins with & needs quotes");

    public static Problem Alias(Place place, string name) =>
        Make("document.alias", place, $"The alias `*{Short(name)}` is not read", "what runs must be what a reviewer sees", "write the value out; a text that begins with * needs quotes");

    public static Problem Tag(Place place, string tag) =>
        Make("document.tag", place, $"The tag `{Short(tag)}` is not read", "every key knows the type of its value", "remove it; a text that begins with ! needs quotes");

    private static Problem Make(string rule, Place place, string what, string? why, string mend) =>
        new(ProblemKind.BadInput, rule, what) { Where = place, Why = why, Mend = mend };

    private static string Sentence(string message) =>
        message.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.', ' ');

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
