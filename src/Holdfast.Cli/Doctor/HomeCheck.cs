namespace Holdfast.Cli.Doctor;

/// <summary>Whether the home is there, with room in it.</summary>
internal static class HomeCheck
{
    private const long EnoughBytes = 1L << 30;

    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Finding>>([Judge(cli.Home.Path)]);

    private static Finding Judge(string home)
    {
        if (!Directory.Exists(home)) return new(Verdict.Broken, $"The home {home} does not exist", "`holdfast agent start` makes it");
        var free = new DriveInfo(home).AvailableFreeSpace;
        return free >= EnoughBytes
            ? new(Verdict.Good, $"The home {home} has {Output.Human.Size(free)} free")
            : new(Verdict.Lacking, $"The home {home} has only {Output.Human.Size(free)} free", "make room, or output will be dropped and counted");
    }
}
