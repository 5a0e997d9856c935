namespace Holdfast.Packaging.Layout;

/// <summary>The type names and annotation keys that the format fixes. They are signed: append only.</summary>
internal static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Empty = "application/vnd.oci.empty.v1+json";
    public const string Package = "application/vnd.holdfast.package.v1+json";
    public const string Spec = "application/vnd.holdfast.spec.v1+yaml";
    public const string File = "application/vnd.holdfast.file.v1";
    public const string CmsSignature = "application/pkcs7-signature";

    public const string NameKey = "vnd.holdfast.name";
    public const string AccessKey = "vnd.holdfast.access";
    public const string ModeKey = "vnd.holdfast.mode";
    public const string TitleKey = "org.opencontainers.image.title";
    public const string VersionKey = "org.opencontainers.image.version";

    public const string LayoutEntry = "oci-layout";
    public const string IndexEntry = "index.json";

    public static ReadOnlySpan<byte> LayoutContent => "{\"imageLayoutVersion\":\"1.0.0\"}"u8;

    public static ReadOnlySpan<byte> EmptyContent => "{}"u8;
}
