using System.Text.RegularExpressions;

namespace Holdfast.Core.Tests.House;

/// <summary>What no source file may be or hold. The words are put together here, so that this file does not hold them.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    /// <summary>Files that may be longer, each with its reason. Meant to stay empty.</summary>
    private static readonly Dictionary<string, string> MayBeLonger = new(StringComparer.Ordinal);

    /// <summary>Native calls outside Platform, each with its reason.</summary>
    private static readonly Dictionary<string, string> MayCallNatively = new(StringComparer.Ordinal)
    {
        ["src/Holdfast.Segments/Files/DiskSync.cs"] = "Segments references Core alone, and no managed call syncs a folder, or tells when the sync of a file failed",
        ["src/Holdfast.Testing/Processes/Inheritable.cs"] = "no managed call makes a descriptor that children inherit, and the suite needs a careless one",
        ["src/Holdfast.Testing/Processes/OwnTraits.cs"] = "takes on what a child must not have of us",
    };

    private static readonly (string What, Regex Pattern)[] Banned =
    [
        ("a region", new Regex(@"^\s*#" + "region")),
        ("a note to do something later", new Regex(@"\b(TO" + "DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b")),
        ("a sleep", new Regex(@"\bThread\.Sle" + "ep")),
        ("an async method that nobody awaits", new Regex(@"\basync vo" + "id")),
    ];

    [Fact]
    public void No_file_of_the_product_is_longer_than_400_lines()
    {
        Findings.AssertNone(
            from file in Repository.Sources
            let lines = Repository.Lines(file).Length
            where lines > MostLines && !MayBeLonger.ContainsKey(file)
            select $"{file}: {lines} lines",
            "A long file is two files, or has its reason in the list:");
    }

    [Fact]
    public void No_exception_from_the_length_outlives_its_reason()
    {
        Findings.AssertNone(
            MayBeLonger.Keys.Where(file => !File.Exists(Repository.Full(file)) || Repository.Lines(file).Length <= MostLines),
            "An exception that is needed no more:");
    }

    [Fact]
    public void Nothing_banned_stands_in_a_source_file()
    {
        Findings.AssertNone(
            from file in Repository.AllSources
            from line in Repository.Lines(file).Index()
            from banned in Banned
            where banned.Pattern.IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {banned.What}",
            "Not in this house:");
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word()
    {
        Findings.AssertNone(
            from file in Repository.AllSources
            where EmptyCatch().IsMatch(Repository.Text(file))
            select file,
            "An empty catch; say at least why nothing is to be done:");
    }

    [Fact]
    public void No_file_is_named_after_nothing_in_particular()
    {
        Findings.AssertNone(
            from file in Repository.AllSources
            where VagueName().IsMatch(file)
            select file,
            "A name that says nothing:");
    }

    [Fact]
    public void Every_banned_symbol_that_is_used_says_why()
    {
        Findings.AssertNone(
            from file in Repository.Sources
            from line in Repository.Lines(file).Index()
            where line.Item.Contains("#pragma warning disable", StringComparison.Ordinal) && !line.Item.Contains("//", StringComparison.Ordinal)
            select $"{file}:{line.Index + 1}",
            "A warning switched off without a reason beside it:");
    }

    [Fact]
    public void The_operating_system_stays_in_its_room()
    {
        Findings.AssertNone(
            from file in Repository.Sources
            where !file.StartsWith("src/Holdfast.Platform/", StringComparison.Ordinal) && !MayCallNatively.ContainsKey(file)
            where NativeImport().IsMatch(Repository.Text(file))
            select file,
            "A native call outside Holdfast.Platform:");
    }

    [GeneratedRegex(@"\bcatch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"/[^/]*(Utils?|Utilit(y|ies)|Helpers?|Misc|Common)(/|\.cs$)")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\[\s*(LibraryImport|DllImport)\b")]
    private static partial Regex NativeImport();
}
