using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Cli.Commands;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Cli;

/// <summary>A bug of ours: one line for the person, the details in a file that only they may read.</summary>
internal static class BugReport
{
    public static int Write(CliContext cli, string[] arguments, Exception bug)
    {
        var text = Encoding.UTF8.GetBytes(
            $"holdfast {VersionCommand.Version} on {RuntimeInformation.RuntimeIdentifier}, command {Named(arguments)}\n{bug}\n");
        var where = Place(cli, text);
        cli.Terminal.Say($"This is a bug in holdfast, and not your mistake: {bug.GetType().Name}; {where}");
        return ExitCode.Bug;
    }

    private static string Place(CliContext cli, byte[] text)
    {
        var name = "bug-" + cli.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture) + ".txt";
        foreach (var folder in new[] { cli.Home.Path, Path.GetTempPath() })
        {
            var path = Path.Combine(folder, name);
            if (Directory.Exists(folder) && DurableFile.Write(path, text).IsOk) return $"please report it with the details in {path}";
        }

        return "its details could not be written anywhere";
    }

    /// <summary>The command's words, but none of its values: those may be secrets.</summary>
    private static string Named(string[] arguments) => string.Join(' ', arguments.TakeWhile(a => a.Length > 0 && a.All(char.IsAsciiLetterLower)).Take(2));
}
