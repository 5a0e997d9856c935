using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Guide;

namespace Holdfast.Core.Tests.Services;

/// <summary>Documents that look like specs, gone wrong in every way: known keys in known and unknown places, values of every kind.</summary>
internal static class RandomDocuments
{
    private static readonly string[] Keys =
    [
        .. SpecGuide.Paths.SelectMany(path => path.Split('.')).Distinct(),
        "LOG_LEVEL", "HOLDFAST_X", "", "a.b", "a[0]", "ports.http", "\0", "${x}",
    ];

    private static readonly string[] Texts =
    [
        "orders", "8080", "0", "-1", "5s", "0s", "99999d", "512MiB", "1.5", "true", "null", "", "~", "${ports.http}", "${", "$${x}", "../x", "/bin/x", "C:\\x",
        "(a+)\\1", "[", ".*", "holdfast/v1", "Service", "Values", "auto", "http", "limits.memory", "limits.*", "*", ".", "..", "environment.*", "a\0b",
    ];

    public static Arbitrary<DocumentNode> Any => Node(4).ToArbitrary();

    /// <summary>Mappings of known keys only as far down as the catalogue goes, so that most of it is read.</summary>
    public static Gen<DocumentNode> Node(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency((3, Scalar), (2, Sequence(depth)), (6, Mapping(depth)));

    private static Gen<DocumentNode> Scalar { get; } =
        Gen.Elements(Texts).SelectMany(text => Gen.Elements(true, false).Select(quoted => (DocumentNode)new ScalarNode(new("f", 1, 1), text, quoted)));

    private static Gen<DocumentNode> Sequence(int depth) =>
        Gen.Choose(0, 3).SelectMany(count => Node(depth - 1).ListOf(count)).Select(items => (DocumentNode)new SequenceNode(new("f", 1, 1), [.. items]));

    private static Gen<DocumentNode> Mapping(int depth) =>
        Gen.Choose(0, 9).SelectMany(count => Gen.Elements(Keys).SelectMany(key => Node(depth - 1).Select(value => (key, value))).ListOf(count))
            .Select(pairs => (DocumentNode)new MappingNode(
                new("f", 1, 1),
                [.. pairs.DistinctBy(pair => pair.key).Select((pair, line) => new MappingEntry(pair.key, new Place("f", line + 1, 1), pair.value))]));
}
