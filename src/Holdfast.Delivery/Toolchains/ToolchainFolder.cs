using Holdfast.Core.Packages;
using Holdfast.Platform;

namespace Holdfast.Delivery.Toolchains;

/// <summary>Where a user's toolchains are: they belong to who builds, and need no right on the node.</summary>
public sealed record ToolchainFolder(string Path)
{
    public const string Variable = "HOLDFAST_TOOLCHAINS";

    /// <summary>Held by who changes something.</summary>
    public string Lock => In("lock");

    /// <summary>Archives that are not whole yet, named after the digest that they are to have.</summary>
    public string Downloads => In("downloads");

    /// <summary>A folder per toolchain, named after its digest.</summary>
    public string Store => In("store");

    /// <summary>What is taken where a project says nothing.</summary>
    public string Default => In("default");

    /// <summary>In the home that was asked for, else HOLDFAST_TOOLCHAINS, else in HOLDFAST_HOME, else in the account's own folder.</summary>
    /// <param name="givenHome">Of <c>--home</c>; null: none was asked for.</param>
    public static ToolchainFolder Find(string? givenHome)
    {
        if (givenHome is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own) return new(System.IO.Path.GetFullPath(own));
        var home = givenHome ?? Environment.GetEnvironmentVariable(Home.Variable);
        var parent = string.IsNullOrEmpty(home) ? Home.OfAccount() : System.IO.Path.GetFullPath(home);
        return new(System.IO.Path.Combine(parent, "toolchains"));
    }

    public string PartialOf(string archiveDigest) => System.IO.Path.Combine(Downloads, PackageDigest.ToFolderName(archiveDigest) + ".partial");

    public string PlaceOf(string digest) => System.IO.Path.Combine(Store, PackageDigest.ToFolderName(digest));

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
