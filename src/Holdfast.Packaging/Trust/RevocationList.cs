namespace Holdfast.Packaging.Trust;

/// <summary>A certificate revocation list (RFC 5280) as it was read from a file.</summary>
public sealed class RevocationList
{
    internal RevocationList(string source) => Source = source;

    /// <summary>The file, for messages.</summary>
    public string Source { get; }
}
