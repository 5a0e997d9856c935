using Holdfast.Core.Problems;

namespace Holdfast.Cli;

/// <summary>A file or folder that does not let us: the operating system's word, as a problem.</summary>
internal static class HostFailure
{
    public static Problem Explain(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(ProblemKind.NotFound, "file.not-found", OneLine(e)),
        UnauthorizedAccessException => new(ProblemKind.Refused, "file.not-allowed", OneLine(e)),
        _ => new(ProblemKind.Failed, "file.trouble", OneLine(e)),
    };

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
