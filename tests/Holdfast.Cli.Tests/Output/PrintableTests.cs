using Holdfast.Cli.Output;

namespace Holdfast.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("\u001b[2Jgone", "\\x1b[2Jgone")]
    [InlineData("\u009b31m", "\\x9b31m")]
    [InlineData("invoice\u202efdp.exe", "invoice\\x202efdp.exe")]
    [InlineData("付款\t✓ é", "付款\t✓ é")]
    public void A_terminal_shows_what_is_there_and_obeys_nothing(string text, string shown) => Assert.Equal(shown, Printable.Text(text));
}
