namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A service that a test writes: a spec and a script. The smallest real thing that can be packed, signed and run.</summary>
public sealed class ServiceFolder
{
    private readonly TestNode node;
    private readonly string folder;

    public ServiceFolder(TestNode node, string name)
    {
        (this.node, Name) = (node, name);
        folder = Path.Combine(node.Work, name);
        Directory.CreateDirectory(folder);
    }

    public string Name { get; }

    /// <summary>Runs until it is told to end, and says so.</summary>
    public const string Steady = """
        trap 'echo ending; exit 0' TERM
        echo started
        while :; do sleep 0.05; done
        """;

    /// <summary>The spec's head and the script; <paramref name="more"/> is YAML below the head.</summary>
    public ServiceFolder Write(string script, string more = "", string version = "1.0.0")
    {
        WriteSpec($"""
            apiVersion: holdfast/v1
            kind: Service
            name: {Name}
            version: {version}
            command: [run.sh]
            {more}
            """);
        WriteFile("run.sh", "#!/bin/sh\n" + script + "\n", executable: true);
        return this;
    }

    public void WriteSpec(string yaml) => WriteFile("holdfast.yaml", yaml + "\n");

    public void WriteFile(string path, string text, bool executable = false)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Packs; the package's file.</summary>
    public async Task<string> PackAsync(string version = "1.0.0")
    {
        var package = Path.Combine(node.Work, $"{Name}-{version}.hfpkg");
        (await node.HoldfastAsync("pack", folder, "-o", package)).Ok();
        return package;
    }

    public async Task<string> SignedAsync(string version = "1.0.0")
    {
        var package = await PackAsync(version);
        (await node.HoldfastAsync("sign", package)).Ok();
        return package;
    }

    public async Task<CommandResult> DeployAsync(string version = "1.0.0") => await node.HoldfastAsync("deploy", await SignedAsync(version));
}
