using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Cli.Output;

/// <summary>The process's own stdout and stderr.</summary>
internal static class StandardOutput
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Terminal Open() =>
        new(new StreamWriter(Output(), Utf8, bufferSize: 32 * 1024), new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true }, !Console.IsOutputRedirected);

    /// <summary>
    /// The console's stream hides that a pipe's reader has gone, and <c>logs -f | head</c> would follow for ever; a plain
    /// stream says so. It must not be used on files, where it would keep a position of its own.
    /// </summary>
    private static Stream Output()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var plain = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return plain.CanSeek ? Console.OpenStandardOutput() : new PipeOutput(plain);
    }
}
