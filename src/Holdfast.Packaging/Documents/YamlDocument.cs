using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using YamlDotNet.Core;

namespace Holdfast.Packaging.Documents;

/// <summary>
/// Reads a YAML text into a located document. A subset on purpose: one document, text keys that come once, no anchors, aliases,
/// merge keys or tags, so that what is read is what a reviewer sees. Nothing is converted: scalars are their text.
/// </summary>
public static class YamlDocument
{
    /// <summary>More than this is not a document that a person wrote. In characters.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Mappings and sequences inside each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// Reads a whole text.
    /// </summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="file">Its name, for the places.</param>
    /// <returns>The document, or every problem with its line and column; after a syntax error nothing more can be read.</returns>
    public static Outcome<DocumentNode> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        text = text.TrimStart('\uFEFF');
        if (text.Length > MaxLength)
            return DocumentProblems.TooLarge(new Place(file, 0, 0), text.Length);
        if (Unprintable.Find(text, file) is { } unprintable)
            return unprintable;

        var problems = new List<Problem>();
        DocumentNode? root = null;
        try
        {
            root = new YamlReader(new GuardedParser(text), file, problems).ReadStream();
        }
        catch (YamlException syntax)
        {
            problems.Add(SyntaxTrouble.Locate(text, file, syntax));
        }
        catch (TooDeepException deep)
        {
            problems.Add(DocumentProblems.TooDeep(deep.Place));
        }

        return problems.Count > 0 ? problems : root!;
    }

    internal static Place PlaceOf(string file, Mark mark) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
