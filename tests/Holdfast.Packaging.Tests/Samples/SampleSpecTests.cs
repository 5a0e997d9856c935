using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Samples;

/// <summary>The samples' specs are read by the product's reader: they are the first thing that a new user copies.</summary>
public sealed class SampleSpecTests
{
    [Theory]
    [InlineData("payments", "bin/payments")]
    [InlineData("ledger", "bin/ledger")]
    public void A_samples_spec_has_no_problem(string sample, string executable)
    {
        var file = Sample(sample, "holdfast.yaml");

        var outcome = SpecFile.Read(File.ReadAllText(file), file);

        Assert.Empty(outcome.Problems);
        Assert.Equal(sample, outcome.Value.Name);
        Assert.Equal(executable, outcome.Value.Command[0]);
    }

    [Fact]
    public void The_production_values_of_payments_set_only_what_is_open()
    {
        var spec = Sample("payments", "holdfast.yaml");
        var values = Sample("payments", "values.prod.yaml");

        var outcome = SpecFile.Read(File.ReadAllText(spec), spec, File.ReadAllText(values), values);

        Assert.Empty(outcome.Problems);
        Assert.Equal(512L << 20, outcome.Value.Limits.MemoryBytes);
        Assert.Equal("warn", outcome.Value.Environment["LOG_LEVEL"]);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_spec_in_the_readme_has_no_problem(string readme)
    {
        var text = File.ReadAllText(Path.Combine(Root(), readme));
        var yaml = text.Split("```yaml\n")[1].Split("```")[0];

        Assert.Empty(SpecFile.Read(yaml, readme).Problems);
    }

    private static string Sample(string sample, string file) => Path.Combine(Root(), "samples", sample, file);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("No Holdfast.slnx above " + AppContext.BaseDirectory);
    }
}
