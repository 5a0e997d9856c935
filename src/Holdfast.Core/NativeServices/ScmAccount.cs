using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Core.NativeServices;

/// <summary>The names of accounts, which the SCM takes in several spellings and gives back in one.</summary>
public static class ScmAccount
{
    public const string LocalSystem = "LocalSystem";
    public const string LocalService = @"NT AUTHORITY\LocalService";
    public const string NetworkService = @"NT AUTHORITY\NetworkService";

    private const string VirtualPrefix = @"NT SERVICE\";

    private static readonly (string Spelling, string Name)[] Spellings =
    [
        (@"NT AUTHORITY\SYSTEM", LocalSystem),
        (@".\LocalSystem", LocalSystem),
        ("SYSTEM", LocalSystem),
        ("LocalService", LocalService),
        (@"NT AUTHORITY\LOCAL SERVICE", LocalService),
        ("NetworkService", NetworkService),
        (@"NT AUTHORITY\NETWORK SERVICE", NetworkService),
    ];

    /// <summary>The virtual account of a service, which has no password and exists as long as the service does.</summary>
    public static string Virtual(string service) => VirtualPrefix + service;

    /// <summary>
    /// Of a virtual account, also while its service is not there yet and no look-up knows it: S-1-5-80 and the five parts of the SHA-1 of the
    /// service's name in capitals (UTF-16), as <c>sc.exe showsid</c> gives it. Null: it is no virtual account.
    /// </summary>
    [SuppressMessage("Security", "CA5350", Justification = "Windows has defined it so; it names, and proves nothing.")]
    public static string? VirtualSid(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!account.StartsWith(VirtualPrefix, StringComparison.OrdinalIgnoreCase)) return null;
        var digest = SHA1.HashData(Encoding.Unicode.GetBytes(account[VirtualPrefix.Length..].ToUpperInvariant()));
        var sid = new StringBuilder("S-1-5-80");
        for (var part = 0; part < digest.Length; part += sizeof(uint)) sid.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(digest.AsSpan(part))}");
        return sid.ToString();
    }

    /// <summary>As the SCM wants to be told it: a local account has <c>.\</c> in front.</summary>
    public static string Canonical(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        foreach (var (spelling, name) in Spellings)
        {
            if (account.Equals(spelling, StringComparison.OrdinalIgnoreCase) || account.Equals(name, StringComparison.OrdinalIgnoreCase)) return name;
        }

        return account.Contains('\\', StringComparison.Ordinal) || account.Contains('@', StringComparison.Ordinal) ? account : @".\" + account;
    }

    /// <summary>Whether the SCM wants no password for it: built-in and virtual accounts, and managed ones (gMSA), whose names end in $.</summary>
    public static bool HasNoPassword(string account)
    {
        var name = Canonical(account);
        return name is LocalSystem or LocalService or NetworkService || name.EndsWith('$') || name.StartsWith(VirtualPrefix, StringComparison.OrdinalIgnoreCase);
    }

    public static bool Same(string one, string other) => Canonical(one).Equals(Canonical(other), StringComparison.OrdinalIgnoreCase);
}
