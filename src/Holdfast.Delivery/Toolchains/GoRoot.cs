using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

namespace Holdfast.Delivery.Toolchains;

/// <summary>A folder that Go is in: what it says of itself.</summary>
internal static class GoRoot
{
    private const string VersionFile = "VERSION";
    private const int MostVersionBytes = 4096;
    private const int ChunkBytes = 1 << 20;

    /// <summary>The program, by the name it has in this folder.</summary>
    public static string ProgramOf(string root)
    {
        var windows = Path.Combine(root, "bin", "go.exe");
        return File.Exists(windows) ? windows : Path.Combine(root, "bin", "go");
    }

    /// <summary>The version that its VERSION file says, whose program is there.</summary>
    /// <returns>Or <c>toolchain.no-go</c>.</returns>
    public static Outcome<GoVersion> VersionOf(string root)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(root, VersionFile));
            var buffer = new byte[Math.Min(file.Length, MostVersionBytes)];
            file.ReadExactly(buffer);
            // Since 1.21 a line with the time follows.
            var said = Encoding.UTF8.GetString(buffer).Split('\n')[0].Trim();
            if (!said.StartsWith("go", StringComparison.Ordinal) || !GoVersion.TryParse(said, out var version) || version.IsLine) return NoGo(root, $"its VERSION says '{said}'");
            return File.Exists(ProgramOf(root)) ? version : NoGo(root, "it has no bin/go");
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return NoGo(root, FileTrouble.From(failure, $"read its {VersionFile}").What);
        }
    }

    /// <summary>Whether its program was built as this version, which the linker wrote into it: a VERSION file alone is soon edited.</summary>
    public static Outcome<Done> Confirm(string root, GoVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var program = ProgramOf(root);
        try
        {
            return Holds(program, Encoding.UTF8.GetBytes($"go{version}"))
                ? Outcome.Done
                : new Problem(ProblemKind.Refused, "toolchain.other-program", $"{program} is not Go {version}, as its VERSION says") { Mend = "install it again by the way it came" };
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, $"read {program}");
        }
    }

    /// <summary>Whether the text stands in the file, and is not the beginning of a longer version.</summary>
    private static bool Holds(string path, byte[] sought)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[ChunkBytes];
        var kept = 0;
        while (file.Read(buffer.AsSpan(kept)) is var count and > 0)
        {
            var filled = buffer.AsSpan(0, kept + count);
            for (var at = filled.IndexOf(sought); at >= 0 && at + sought.Length < filled.Length; at = Next(filled, sought, at))
            {
                if (filled[at + sought.Length] is not ((byte)'.' or (>= (byte)'0' and <= (byte)'9'))) return true;
            }

            // It may begin in this chunk and end in the next, or end with this one.
            kept = Math.Min(sought.Length, filled.Length);
            filled[^kept..].CopyTo(buffer);
        }

        return buffer.AsSpan(0, kept).SequenceEqual(sought);
    }

    private static int Next(ReadOnlySpan<byte> filled, byte[] sought, int at) => filled[(at + 1)..].IndexOf(sought) is var next and >= 0 ? at + 1 + next : -1;

    private static Problem NoGo(string root, string why) => new(ProblemKind.NotFound, "toolchain.no-go", $"{root} is no Go that can be used") { Why = why };
}
