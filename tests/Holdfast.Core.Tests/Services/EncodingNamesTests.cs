using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Core.Services.Guide;

namespace Holdfast.Core.Tests.Services;

public sealed class EncodingNamesTests
{
    [Fact]
    public void Every_encoding_that_a_spec_may_name_is_one_that_the_runtime_decodes()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var names = Regex.Matches(SpecGuide.Explain("service.output.encoding").Value, @"^    (\S+)  ", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();

        Assert.True(names.Count > 20);
        Assert.All(names, name => Assert.NotNull(Encoding.GetEncoding(name)));
    }
}
