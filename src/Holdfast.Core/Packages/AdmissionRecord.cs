using System.Text.Json.Serialization;
using Holdfast.Core.Services;

namespace Holdfast.Core.Packages;

/// <summary>
/// What the agent states when it admits a package: these files, with these digests, were signed well enough, and this is
/// what the file system said of them then. Sealed with the node key (<see cref="AdmissionRecords"/>); checked at every start
/// (<see cref="Admission"/>), so that signatures need not be judged again and a certificate that expires blocks no restart.
/// </summary>
public sealed record AdmissionRecord
{
    public const string KindName = "AdmissionRecord";

    /// <summary>Says what this sealed document is, so that no other kind of record can stand in for it.</summary>
    public string Kind { get; init; } = KindName;

    /// <summary><c>sha256:…</c> of the package's manifest.</summary>
    public required string Digest { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    public required IReadOnlyList<AdmittedSigner> Signers { get; init; }

    public required DateTimeOffset AdmittedAt { get; init; }

    /// <summary>When the facts were last bound anew after the content had been digested again; null: never.</summary>
    public DateTimeOffset? ReboundAt { get; init; }

    /// <summary>Sorted by path.</summary>
    public required IReadOnlyList<AdmittedFile> Files { get; init; }

    /// <summary>Every folder of the package, the root (<c>""</c>) first: a file that is added to one changes its facts.</summary>
    public required IReadOnlyList<AdmittedFolder> Folders { get; init; }

    /// <summary>It is of a folder of the host that somebody has pinned as it lies, and of no package.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Pinned { get; init; }

    /// <summary>Whether this package-relative path is one of the files.</summary>
    public bool Contains(string path) => Files.Any(f => string.Equals(f.Path, path, StringComparison.Ordinal));
}

/// <summary>A signature that counted.</summary>
/// <param name="Subject">The certificate's subject.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, lower-case hexadecimal.</param>
/// <param name="NotAfter">The certificate's end of validity.</param>
public sealed record AdmittedSigner(string Subject, string Thumbprint, DateTimeOffset NotAfter);

/// <param name="Path">Relative to the package's files, with forward slashes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Mode">Four octal digits.</param>
/// <param name="Access">Who may do what with it.</param>
/// <param name="Facts">As they were when the digest was computed.</param>
public sealed record AdmittedFile(string Path, string Sha256, string Mode, AccessClass Access, FileFacts Facts);

/// <param name="Path">Relative to the package's files, with forward slashes; empty for their root.</param>
/// <param name="Facts">As they were when everything was in place.</param>
public sealed record AdmittedFolder(string Path, FileFacts Facts);
