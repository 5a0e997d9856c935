using Holdfast.Core.Packages;

namespace Holdfast.Node.Packages;

/// <summary>A package in the store.</summary>
public sealed record AdmittedPackage
{
    /// <summary>What was admitted; its seal was good when this was made.</summary>
    public required AdmissionRecord Record { get; init; }

    /// <summary>Absolute path of the package's folder in the store.</summary>
    public required string Folder { get; init; }

    /// <summary>It was in the store before this call.</summary>
    public bool Known { get; init; }

    public string Digest => Record.Digest;

    public string Service => Record.Service;

    public string Version => Record.Version;

    /// <summary>Absolute path of the sealed admission record.</summary>
    public string RecordFile => Path.Combine(Folder, AdmissionRecords.FileName);

    /// <summary>Absolute path of the package's files, which services cannot write.</summary>
    public string FilesFolder => Path.Combine(Folder, "files");

    /// <summary>Absolute path of the package's spec.</summary>
    public string SpecFile => Path.Combine(Folder, "holdfast.yaml");
}
