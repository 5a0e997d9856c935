using Holdfast.Core.NativeServices.Importing;

namespace Holdfast.Core.Tests.NativeServices.Importing;

public sealed class WindowsCommandLineTests
{
    /// <summary>The examples of Microsoft's page on parsing command-line arguments, and some of ours.</summary>
    [Theory]
    [InlineData("\"a b c\" d e", "a b c|d|e")]
    [InlineData("\"ab\\\"c\" \"\\\\\" d", "ab\"c|\\|d")]
    [InlineData("a\\\\\\b d\"e f\"g h", "a\\\\\\b|de fg|h")]
    [InlineData("a\\\\\\\"b c d", "a\\\"b|c|d")]
    [InlineData("a\\\\\\\\\"b c\" d e", "a\\\\b c|d|e")]
    [InlineData("  a \t b  ", "a|b")]
    [InlineData("\"\" a", "|a")]
    [InlineData("\"C:\\dir\\\\\" x", "C:\\dir\\|x")]
    [InlineData("\"a \"\"b\"\" c\"", "a \"b\" c")]
    public void A_line_is_taken_apart_as_windows_programs_do(string line, string words) => Assert.Equal(words.Split('|'), WindowsCommandLine.Split(line));

    [Fact]
    public void Nothing_is_no_word() => Assert.Empty(WindowsCommandLine.Split(" \t"));
}
