namespace Holdfast.Node.Planning;

/// <summary>Where an admitted package lies on this node. Absolute paths.</summary>
/// <param name="Code">The package's files.</param>
/// <param name="AdmissionRecord">What every start is checked against.</param>
internal sealed record ReleaseFolders(string Code, string AdmissionRecord);
