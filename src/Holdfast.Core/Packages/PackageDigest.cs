using System.Buffers;
using System.Security.Cryptography;

namespace Holdfast.Core.Packages;

/// <summary>A digest as it is written everywhere: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public static class PackageDigest
{
    public const string Prefix = "sha256:";
    private const string FolderPrefix = "sha256-";
    private const int HexLength = 64;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    public static string FromHash(ReadOnlySpan<byte> hash) => Prefix + Convert.ToHexStringLower(hash);

    public static bool IsValid(string? digest) =>
        digest is not null && digest.StartsWith(Prefix, StringComparison.Ordinal) && IsHex(digest.AsSpan(Prefix.Length));

    /// <summary>The 64 digits of a valid digest.</summary>
    public static string HexOf(string digest) =>
        IsValid(digest) ? digest[Prefix.Length..] : throw new ArgumentException($"Not a digest: {digest}", nameof(digest));

    /// <summary>A colon is not allowed in a Windows file name, so folders are named <c>sha256-…</c>.</summary>
    public static string ToFolderName(string digest) => FolderPrefix + HexOf(digest);

    /// <summary>Null when the folder is not named after a digest.</summary>
    public static string? FromFolderName(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.StartsWith(FolderPrefix, StringComparison.Ordinal) && IsHex(folder.AsSpan(FolderPrefix.Length))
            ? Prefix + folder[FolderPrefix.Length..]
            : null;
    }

    public static bool IsHex(ReadOnlySpan<char> text) =>
        text.Length == HexLength && !text.ContainsAnyExcept(HexDigits);
}
