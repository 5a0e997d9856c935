using Holdfast.Core.Services;
using Holdfast.Node.Pinning;
using Holdfast.Packaging.Documents;

namespace Holdfast.Node.Tests.Pinning;

public sealed class PinnedSpecTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("with 'quotes' and \"double\" ones")]
    [InlineData(@"C:\Program Files\银行\app.exe")]
    [InlineData("${ports.http} $${x} $")]
    [InlineData("yes")]
    [InlineData("- # : {a: b}")]
    [InlineData("tab\tand\nline")]
    [InlineData("é\u2028😀")]
    public void Whatever_is_given_arrives_as_it_was_given(string word)
    {
        var text = new PinnedSpec { Name = "ledger", Executable = "ledger", Arguments = ["--first", word], Environment = [new("WORD", word)], Description = word.Length > 0 ? word : null }.ToYaml();

        var read = SpecFile.Read(text, "holdfast.yaml");

        Assert.Empty(read.Problems);
        Assert.Equal(["--first", word], read.Value.Command.Skip(1).Select(argument => Expansion.Expand(argument, _ => "replaced")));
        Assert.Equal(word, Expansion.Expand(read.Value.Environment["WORD"], _ => "replaced"));
        Assert.Equal((".", "ledger"), (read.Value.WorkingFolder, read.Value.Command[0]));
    }
}
