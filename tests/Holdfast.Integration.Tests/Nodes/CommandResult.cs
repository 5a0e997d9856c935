namespace Holdfast.Integration.Tests.Nodes;

/// <summary>What a program answered.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test with everything the program said, unless it exited as expected.</summary>
    public CommandResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"`{Command}` exited with {ExitCode}, not {exitCode}.\nstdout: {Output}\nstderr: {Error}");
        Assert.DoesNotContain("   at Holdfast.", Error, StringComparison.Ordinal);
        return this;
    }

    public CommandResult Ok() => Expect(0);
}
