namespace Holdfast.Core.Services;

/// <summary>The fixed words of a document's head.</summary>
public static class SpecWords
{
    public const string ApiVersion = "holdfast/v1";

    /// <summary>A service's spec.</summary>
    public const string Service = "Service";

    /// <summary>A spec, and how its program of the host is installed.</summary>
    public const string InstalledService = "InstalledService";

    /// <summary>Values that are laid over one.</summary>
    public const string Values = "Values";

    /// <summary>The usual name of the file.</summary>
    public const string FileName = "holdfast.yaml";
}
