using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;

namespace Holdfast.Delivery.Toolchains;

/// <summary>Where archives come from: a list, and the files beside it.</summary>
public abstract class Mirror : IDisposable
{
    /// <summary>The list in a folder that answers no <c>?mode=json</c>.</summary>
    public const string ListFile = "index.json";

    /// <summary>The folder or address, as it is recorded.</summary>
    public abstract string Name { get; }

    /// <summary>The mirror that is meant: an address with https (http on this machine, or where the digest is known from elsewhere), or a folder.</summary>
    /// <param name="given">As it was written.</param>
    /// <param name="folder">What a relative path is relative to.</param>
    /// <param name="isPinned">Whether the archive's digest is known from elsewhere.</param>
    public static Outcome<Mirror> Open(string given, string folder, bool isPinned)
    {
        ArgumentException.ThrowIfNullOrEmpty(given);
        if (!given.Contains("://", StringComparison.Ordinal)) return new FolderMirror(Path.GetFullPath(given, folder));
        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return new Problem(ProblemKind.BadInput, "toolchain.mirror", $"'{given}' is neither a folder nor an address with http or https");
        // It is shown and recorded, and what is in it would be as well.
        if (address.UserInfo.Length > 0 || address.Query.Length > 0)
            return new Problem(ProblemKind.BadInput, "toolchain.mirror", $"the address of a mirror at {address.Host} has a name, a password or a query in it") { Mend = "give the address of the folder alone" };
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !isPinned)
        {
            return new Problem(ProblemKind.Refused, "toolchain.plain-http", $"{given} is not protected")
            {
                Why = "who stands between could change the list and the archive with it",
                Mend = "use https, or give the archive's digest with --sha256",
            };
        }

        return new HttpMirror(address);
    }

    /// <returns>Or why there is none.</returns>
    public abstract Task<Outcome<GoDownloadList>> ListAsync(CancellationToken cancel);

    /// <summary>A file of the mirror.</summary>
    /// <param name="name">Beside the list.</param>
    /// <param name="from">The first byte that is wanted.</param>
    public abstract Task<Outcome<MirrorContent>> OpenAsync(string name, long from, CancellationToken cancel);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected Problem Away(string what, string why) => new(ProblemKind.Unavailable, "toolchain.mirror-away", $"{Name} does not give {what}") { Why = why, Mend = "try again; what was fetched is kept" };
}

/// <summary>The bytes of a file of a mirror.</summary>
/// <param name="From">Where they begin: as asked for, or 0 where the mirror gives only the whole.</param>
public sealed record MirrorContent(Stream Bytes, long From) : IDisposable
{
    public void Dispose() => Bytes.Dispose();
}
