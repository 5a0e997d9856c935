using Holdfast.Core.NativeServices;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>An installed service as a document.</summary>
public sealed class DefinitionTests
{
    private const string Whole = """
        apiVersion: holdfast/v1
        kind: InstalledService
        name: ledger
        command:
          - /opt/ledger/ledger
        workingFolder: "."
        install:
          start: manual
          depends:
            - postgresql.service
          writable:
            - logs
          executableOnly: true

        """;

    [Fact]
    public void What_is_written_of_a_definition_is_read_again()
    {
        var read = SpecFile.ReadDefinition(Whole, "ledger.yaml").Value;
        Assert.Equal((NativeStartType.Manual, true), (read.Install.Start, read.Install.ExecutableOnly));
        Assert.Equal(["postgresql.service", "logs"], [.. read.Install.Depends, .. read.Install.Writable]);
        Assert.Equal(Whole, DefinitionWriter.ToYaml(read));
    }

    [Fact]
    public void A_spec_alone_is_one_that_is_installed_as_usual()
    {
        var read = SpecFile.ReadDefinition("apiVersion: holdfast/v1\nkind: Service\nname: ledger\ncommand: /opt/ledger\n", "ledger.yaml").Value;
        Assert.Equal("apiVersion: holdfast/v1\nkind: InstalledService\nname: ledger\ncommand:\n  - /opt/ledger\n", DefinitionWriter.ToYaml(read));
    }

    [Fact]
    public void Law08_all_that_is_wrong_is_told_at_once_with_its_place()
    {
        var wrong = Whole.Replace("manual", "sometimes", StringComparison.Ordinal).Replace("executableOnly", "only", StringComparison.Ordinal).Replace("workingFolder", "folder", StringComparison.Ordinal);
        Assert.Equal([(6, "spec.unknown-key"), (8, "spec.choice"), (13, "spec.unknown-key")], SpecFile.ReadDefinition(wrong, "ledger.yaml").Problems.Select(problem => (problem.Where!.Value.Line, problem.Rule)));
        Assert.DoesNotContain(SpecFile.ReadDefinition(wrong, "ledger.yaml").Problems, problem => problem.Mend?.Contains("explain service.install", StringComparison.Ordinal) == true);
    }
}
