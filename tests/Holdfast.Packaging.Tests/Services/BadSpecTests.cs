using Holdfast.Core.Problems;
using Holdfast.Core.Services.Rules;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>A bad example for every rule: the file NAME.yaml, and beside it NAME.problems with what a user is told.</summary>
public sealed class BadSpecTests
{
    private const string Folder = "tests/Holdfast.Packaging.Tests/Services";

    public static TheoryData<string> Specs => new(Names("bad"));

    public static TheoryData<string> Values => new(Names("bad-values"));

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_bad_spec_is_told_where_it_is_wrong(string name) =>
        Golden.Check($"{Folder}/bad/{name}.problems", Text(ReadSpec(name)));

    [Theory]
    [MemberData(nameof(Values))]
    public void Law08_bad_values_are_told_where_they_are_wrong(string name) =>
        Golden.Check($"{Folder}/bad-values/{name}.problems", Text(ReadValues(name)));

    [Fact]
    public void Every_rule_has_a_bad_example_and_every_problem_has_a_rule()
    {
        var broken = Names("bad").Select(ReadSpec).Concat(Names("bad-values").Select(ReadValues)).SelectMany(problems => problems).Select(problem => problem.Rule);
        Assert.Equal(SpecRules.All.Select(rule => rule.Name).Order(), broken.Distinct().Order());
    }

    [Fact]
    public void Every_example_but_the_ones_that_say_so_has_exactly_one_mistake()
    {
        foreach (var name in Names("bad"))
            Assert.Equal((name, MistakesOf(name)), (name, ReadSpec(name).Count));
    }

    private static int MistakesOf(string name) => name switch
    {
        "placement-several" => 4,
        "environment-reserved" or "two-errors-no-cascade" => 2,
        _ => 1,
    };

    private static IReadOnlyList<Problem> ReadSpec(string name) => SpecFile.Read(Content($"bad/{name}.yaml"), $"{name}.yaml").Problems;

    private static IReadOnlyList<Problem> ReadValues(string name) =>
        SpecFile.Read(Content("bad-values/base.yaml"), "base.yaml", Content($"bad-values/{name}.yaml"), $"{name}.yaml").Problems;

    private static string Text(IReadOnlyList<Problem> problems) => string.Concat(problems.Select(problem => problem + "\n"));

    private static string Content(string path) => File.ReadAllText(Path.Combine(Golden.Root, Folder, path));

    private static List<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Golden.Root, Folder, folder), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => name != "base").Order(StringComparer.Ordinal)];
}
