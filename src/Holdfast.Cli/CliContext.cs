using Holdfast.Cli.Output;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;

namespace Holdfast.Cli;

/// <summary>What surrounds a command: where it writes, what time it is, where paths begin.</summary>
/// <param name="Terminal">The door out.</param>
/// <param name="Time">For ages and waits.</param>
/// <param name="Folder">What relative paths are relative to.</param>
internal sealed record CliContext(Terminal Terminal, TimeProvider Time, string Folder)
{
    /// <summary>The home that was asked for on the command line.</summary>
    public string? GivenHome { get; set; }

    /// <summary>The node's address and port that was asked for; empty: the agent of this machine.</summary>
    public string GivenServer { get; set; } = "";

    /// <summary>What is shown to that node: a file of <c>holdfast certs issue</c>.</summary>
    public IdentityFile? Identity { get; set; }

    /// <summary>Why the change is wanted, for the record; empty: nobody has said it.</summary>
    public string Why { get; set; } = "";

    /// <summary>The node's folder, for this call.</summary>
    public Home Home => Home.Find(GivenHome);

    public string PathOf(string given) => Path.GetFullPath(given, Folder);
}
