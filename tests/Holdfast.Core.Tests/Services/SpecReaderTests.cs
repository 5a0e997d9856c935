using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Tests.Services;

public sealed class SpecReaderTests
{
    private static readonly HashSet<string> RuleNames = [.. SpecRules.All.Select(rule => rule.Name)];

    [Fact]
    public void Law08_no_document_makes_the_reader_fail_and_every_problem_has_a_place_a_rule_and_a_mend() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(RandomDocuments.Any, document => SpecReader.Read(document).Problems.All(problem =>
            problem is { Kind: ProblemKind.BadInput, Mend.Length: > 0, Where.Line: > 0 } && RuleNames.Contains(problem.Rule))));

    [Fact]
    public void Reading_the_same_document_twice_tells_the_same() =>
        Check.QuickThrowOnFailure(Prop.ForAll(RandomDocuments.Any, document =>
            SpecReader.Read(document).Problems.SequenceEqual(SpecReader.Read(document).Problems)));

    [Fact]
    public void Problems_come_in_the_order_of_the_lines()
    {
        var document = new MappingNode(new("f", 1, 1),
        [
            new("zzz", new("f", 9, 1), new ScalarNode(new("f", 9, 5), "1", false)),
            new("aaa", new("f", 3, 1), new ScalarNode(new("f", 3, 5), "1", false)),
        ]);

        var lines = SpecReader.Read(document).Problems.Select(problem => problem.Where!.Value.Line).ToList();
        Assert.Equal(lines.Order(), lines);
        Assert.Contains(9, lines);
    }
}
