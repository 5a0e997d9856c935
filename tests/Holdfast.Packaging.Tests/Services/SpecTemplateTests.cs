using System.Text.RegularExpressions;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

public sealed class SpecTemplateTests
{
    [Theory]
    [InlineData("orders")]
    [InlineData("a")]
    public void A_new_service_validates_as_it_is(string name)
    {
        var files = SpecTemplate.For(name).Value;
        var read = SpecFile.Read(files[SpecWords.FileName], SpecWords.FileName);

        Assert.Empty(read.Problems);
        Assert.Equal((name, $"bin/{name}"), (read.Value.Name, read.Value.Command[0]));
        Assert.Contains(".gitignore", files.Keys);
    }

    [Fact]
    public void What_is_switched_off_in_it_is_valid_as_well()
    {
        var template = SpecTemplate.For("orders").Value[SpecWords.FileName];
        var read = SpecFile.Read(Regex.Replace(template, "^#(?! )|^#(?=  )", "", RegexOptions.Multiline), SpecWords.FileName);

        Assert.Empty(read.Problems);
        Assert.NotNull(read.Value.Health.Readiness!.Http);
        Assert.Equal(1500, read.Value.Limits.CpuMillicores);
        Assert.Single(read.Value.Secrets);
    }

    [Fact]
    public void A_name_that_cannot_be_is_refused() =>
        Assert.Equal("spec.name", Assert.Single(SpecTemplate.For("../etc").Problems).Rule);
}
