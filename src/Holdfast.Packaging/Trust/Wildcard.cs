using System.IO.Enumeration;

namespace Holdfast.Packaging.Trust;

internal static class Wildcard
{
    /// <summary><c>*</c> stands for any characters, <c>?</c> for one; everything else, backslashes included, for itself.</summary>
    public static bool Matches(string pattern, string text, bool ignoreCase) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), text, ignoreCase);
}
