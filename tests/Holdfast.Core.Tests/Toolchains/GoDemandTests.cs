using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;

namespace Holdfast.Core.Tests.Toolchains;

/// <summary>Which Go a project wants, and which one it gets.</summary>
public sealed class GoDemandTests
{
    [Fact]
    public void The_version_file_decides_and_the_go_line_is_held_to()
    {
        var demand = Of((".go-version", "# ours\n\n1.22.1\n"), ("go.mod", "module x\n\ngo 1.21 // since\n")).Value;

        Assert.Equal([".go-version:3: 1.22.1: decides", "go.mod:3: go 1.21: is held to: at least 1.21"], demand.Reasons.Select(reason => reason.ToString()));
        Assert.Equal("1.22.1", Chosen(demand, "1.19.8", "1.22.1", "1.23.0"));
    }

    [Fact]
    public void A_toolchain_line_decides_where_no_version_file_does()
    {
        var demand = Of(("go.mod", "module x\ngo 1.21.0\ntoolchain go1.22.3-custom\n")).Value;

        Assert.Equal("1.22.3-custom", Chosen(demand, "1.22.3", "1.22.3-custom", "1.23.0"));
        Assert.Null(Of(("go.mod", "module x\ngo 1.21.0\ntoolchain default\n")).Value.Named);
    }

    [Fact]
    public void A_toolchain_line_older_than_the_go_line_says_nothing()
    {
        var demand = Of(("go.mod", "module x\ngo 1.22.5\ntoolchain go1.22.1\n")).Value;

        Assert.Null(demand.Named);
        Assert.Equal("1.22.7", Chosen(demand, "1.22.1", "1.22.7"));
    }

    [Fact]
    public void Words_in_blocks_comments_and_quotes_are_read_as_Go_reads_them()
    {
        const string Text = """
            // go 1.99
            module "example.org/x"
            require (
                go 1.98 // no directive: it stands in a block
                toolchain go1.97
            )
            go `1.22` // and toolchain go1.96
            """;

        var demand = Of(("go.mod", Text)).Value;

        Assert.Equal(("1.22", 7), (demand.Least!.Version.ToString(), demand.Least.Place.Line));
        Assert.Null(demand.Named);
    }

    [Fact]
    public void A_tool_versions_file_is_read_for_its_Go_alone()
    {
        Assert.Equal("1.22.1", Of((".tool-versions", "nodejs 20.1.0 18.0.0\ngolang 1.22.1 # ours\n")).Value.Named!.Version.ToString());
        Assert.Equal("1.22.1", Of((".tool-versions", "go\t1.22.1\r\n")).Value.Named!.Version.ToString());
        Assert.Null(Of((".tool-versions", "nodejs 20.1.0\n")).Value.Named);
    }

    [Fact]
    public void Two_files_that_disagree_are_refused_with_both_places()
    {
        var problem = Assert.Single(Of((".tool-versions", "golang 1.22.2\n"), (".go-version", "1.22.1\n")).Problems);

        Assert.Equal(("toolchain.conflict", new Place(".go-version", 1, 1)), (problem.Rule, problem.Where));
        Assert.Contains(".tool-versions:1", problem.What, StringComparison.Ordinal);
        Assert.Equal("1.22.2", Of((".tool-versions", "golang 1.22.2\n"), (".go-version", "1.22\n")).Value.Named!.Version.ToString());
    }

    [Fact]
    public void A_named_version_older_than_the_module_asks_for_is_refused_with_both_places()
    {
        var problems = Of((".go-version", "1.19.8\n"), ("go.mod", "module x\ngo 1.22\ntoolchain go1.22.1\n")).Problems;

        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Equal(("toolchain.conflict", ".go-version"), (problem.Rule, problem.Where!.Value.File)));
        Assert.Contains("go.mod:2", problems[0].What, StringComparison.Ordinal);
        Assert.Contains("go.mod:3", problems[1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_Go_1_19_itself_stops_at_is_said_before_it_does()
    {
        var problem = Assert.Single(Of((".go-version", "1.19.8\n"), ("go.mod", "module x\ngo 1.18.0\n")).Problems);

        Assert.Equal(("toolchain.go-mod-too-new", 2), (problem.Rule, problem.Where!.Value.Line));
        Assert.Contains("Go 1.19.8 stops at 'go 1.18.0'", problem.What, StringComparison.Ordinal);
        var chosen = GoChoice.Of(Of(("go.mod", "module x\ngo 1.18\ntoolchain default\n")).Value, [GoVersion.Parse("1.19.8").Value], GoVersion.Parse("1.19.8").Value);
        Assert.Equal("toolchain.go-mod-too-new", Assert.Single(chosen.Problems).Rule);
    }

    [Fact]
    public void Law08_every_problem_of_every_file_is_said_at_once_with_its_line()
    {
        var problems = Of(
            (".go-version", "newest\n1.22.1\n"),
            (".tool-versions", "golang\ngolang system\ngo 1.21.0 1.20\n"),
            ("go.mod", "module x\ngo (\n1.22\n)\ntoolchain local\ngo 1.22\ngo 1.23\n")).Problems;

        Assert.Equal(
            [".go-version:1", ".go-version:2", ".tool-versions:1", ".tool-versions:2", ".tool-versions:3", "go.mod:2", "go.mod:7", "go.mod:5"],
            problems.Select(problem => $"{problem.Where!.Value.File}:{problem.Where.Value.Line}"));
        Assert.Equal("toolchain.no-version", Assert.Single(Of((".go-version", "# none\n")).Problems).Rule);
        Assert.All(problems, problem => Assert.Equal(ProblemKind.BadInput, problem.Kind));
    }

    [Fact]
    public void The_nearest_line_is_taken_where_only_the_least_is_said()
    {
        var demand = Of(("go.mod", "module x\ngo 1.21\n")).Value;

        Assert.Equal("1.21.9", Chosen(demand, "1.20.1", "1.23.0", "1.21.9", "1.21.0", "1.21rc4"));
        Assert.Equal("1.22.5", Chosen(demand, "1.20.1", "1.23.0", "1.22.5"));
        Assert.Equal("1.23.0", GoChoice.Of(demand, Versions("1.21.9", "1.23.0"), GoVersion.Parse("1.23.0").Value).Value.Version.ToString());
        // What is no release is taken where nothing else is there.
        Assert.Equal("1.23rc1", Chosen(Of(("go.mod", "module x\ngo 1.23rc1\n")).Value, "1.21.9", "1.23rc1"));
        Assert.Equal("1.22.3-custom", Chosen(demand, "1.20.1", "1.22.3-custom"));
    }

    [Fact]
    public void A_default_is_taken_where_nothing_is_said_else_the_newest()
    {
        Assert.Equal("1.19.8", GoChoice.Of(GoDemand.Of([]).Value, Versions("1.19.8", "1.22.1"), GoVersion.Parse("1.19.8").Value).Value.Version.ToString());
        Assert.Equal("1.22.1", Chosen(GoDemand.Of([]).Value, "1.19.8", "1.22.1", "1.23rc1"));
        Assert.Equal("toolchain.not-installed", Assert.Single(GoChoice.Of(GoDemand.Of([]).Value, [], null).Problems).Rule);
    }

    [Fact]
    public void What_is_wanted_and_not_here_is_said_with_both_versions_and_where_it_is_wanted()
    {
        var problem = Assert.Single(GoChoice.Of(Of((".go-version", "1.22.1\n")).Value, Versions("1.19.8", "1.23.0"), null).Problems);

        Assert.Equal(("toolchain.not-installed", ProblemKind.NotFound, new Place(".go-version", 1, 1)), (problem.Rule, problem.Kind, problem.Where));
        Assert.Equal("'1.22.1' wants Go 1.22.1; installed: 1.19.8, 1.23.0", problem.What);
        var held = Assert.Single(GoChoice.Of(Of((".go-version", "1.22\n"), ("go.mod", "module x\ngo 1.22.5\n")).Value, Versions("1.22.1"), null).Problems);
        Assert.Equal("'1.22' wants Go 1.22, and 'go 1.22.5' at least 1.22.5; installed: 1.22.1", held.What);
    }

    [Fact]
    public void A_global_json_says_version_and_how_far_to_roll_forward()
    {
        var said = GlobalJson.Read(new("global.json", "{\n  // ours\n  \"sdk\": {\n    \"version\": \"10.0.100\",\n    \"rollForward\": \"latestFeature\", },\n}\n")).Value!;

        Assert.Equal(("10.0.100", "latestFeature", 4), (said.Version, said.RollForward, said.Place.Line));
        Assert.Equal("latestPatch", GlobalJson.Read(new("global.json", """{"sdk":{"version":"8.0.100-rc.1"}}""")).Value!.RollForward);
        Assert.Null(GlobalJson.Read(new("global.json", """{"msbuild-sdks":{"a":["1"]}}""")).Value);
    }

    [Fact]
    public void Law08_every_problem_of_a_global_json_is_said_at_once()
    {
        var problems = GlobalJson.Read(new("global.json", "{\"sdk\": {\n\"version\": \"10\",\n\"rollForward\": \"latestPach\"}}")).Problems;

        Assert.Equal([2, 3], problems.Select(problem => problem.Where!.Value.Line));
        Assert.Equal("did you mean latestPatch?", problems[1].Mend);
        Assert.Equal(2, Assert.Single(GlobalJson.Read(new("global.json", "{\n!")).Problems).Where!.Value.Line);
        Assert.Single(GlobalJson.Read(new("global.json", "[]")).Problems);
        Assert.Single(GlobalJson.Read(new("global.json", "")).Problems);
    }

    private static Outcome<GoDemand> Of(params (string Name, string Text)[] files) => GoDemand.Of(files.Select(file => new ProjectFile(file.Name, file.Text)));

    private static List<GoVersion> Versions(params string[] here) => [.. here.Select(text => GoVersion.Parse(text).Value)];

    private static string Chosen(GoDemand demand, params string[] here) => GoChoice.Of(demand, Versions(here), null).Value.Version.ToString();
}
