using System.Runtime.Versioning;
using System.Security.Principal;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Accounts;

/// <summary>Security identifiers as text: <c>S-1-5-18</c>.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class Sids
{
    public const string LocalSystem = "S-1-5-18";
    public const string Administrators = "S-1-5-32-544";

    /// <summary>Whoever has shown who he is: services' accounts, too, and nobody anonymous.</summary>
    public const string AuthenticatedUsers = "S-1-5-11";

    /// <summary>Owns Windows' own files; nobody can become it.</summary>
    public const string TrustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";

    /// <summary>Stands for an object's owner, who is looked at by name.</summary>
    public const string CreatorOwner = "S-1-3-0";

    private const int MostBytes = 68;

    /// <summary>The account of this process.</summary>
    public static string Own { get; } = OwnUser();

    /// <summary>The system, its administrators, or this process's own account: nobody's rights are wider.</summary>
    public static bool IsTrusted(string sid) => sid is LocalSystem or Administrators or TrustedInstaller or CreatorOwner || sid == Own;

    /// <summary>
    /// Whose a new file of ours is, where nobody else is named: our own account's. An administrator's are all administrators': his own account is his
    /// as well where he is not elevated, and is not to change then what runs here.
    /// </summary>
    public static string Keeper => OwnIsAdministrator ? Administrators : Own;

    /// <summary>Whether this process's own account may change everything here anyway: it is the system's, or an administrator's who is elevated.</summary>
    public static bool OwnIsAdministrator { get; } = IsOwnAdministrator();

    /// <summary>The last part: a number that is unique among the accounts of one domain only.</summary>
    public static uint RelativeId(string sid) => uint.Parse(sid.AsSpan(sid.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>By name, as Windows takes them: <c>DOMAIN\name</c>, <c>name@domain</c>, <c>NT SERVICE\name</c>, <c>name</c>. Null: there is none.</summary>
    public static string? Find(string name)
    {
        var sid = stackalloc byte[MostBytes];
        uint length = MostBytes;
        const int room = 256;
        var domain = stackalloc char[room];
        uint domainLength = room;
        return Advapi32.LookupAccountName(null, name, sid, ref length, domain, ref domainLength, out _)
            ? new SecurityIdentifier((nint)sid).Value
            : null;
    }

    /// <summary>With its domain; the SID itself where it has no name.</summary>
    public static string NameOf(string sid)
    {
        var identifier = new SecurityIdentifier(sid);
        var bytes = new byte[identifier.BinaryLength];
        identifier.GetBinaryForm(bytes, 0);
        const int room = 512;
        var name = stackalloc char[room];
        var domain = stackalloc char[room];
        uint nameLength = room;
        uint domainLength = room;
        fixed (byte* at = bytes)
        {
            if (!Advapi32.LookupAccountSid(null, at, name, ref nameLength, domain, ref domainLength, out _)) return sid;
        }

        var plain = new string(name, 0, (int)nameLength);
        return domainLength == 0 ? plain : $"{new string(domain, 0, (int)domainLength)}\\{plain}";
    }

    public static string UserOf(SafeAccessTokenHandle token)
    {
        fixed (byte* at = new byte[SizeOf(token, Advapi32.TokenUser)])
        {
            Read(token, Advapi32.TokenUser, at);
            return new SecurityIdentifier(((Advapi32.SidAndAttributes*)at)->Sid).Value;
        }
    }

    /// <summary>Those that count when it asks for something; Administrators only where it is elevated.</summary>
    public static IReadOnlyList<string> GroupsOf(SafeAccessTokenHandle token)
    {
        var groups = new List<string>();
        fixed (byte* at = new byte[SizeOf(token, Advapi32.TokenGroups)])
        {
            Read(token, Advapi32.TokenGroups, at);
            var count = *(uint*)at;
            // TOKEN_GROUPS: a count, and an array that is aligned to pointers.
            var all = (Advapi32.SidAndAttributes*)(at + sizeof(nint));
            for (var i = 0; i < count; i++)
            {
                if ((all[i].Attributes & Advapi32.SE_GROUP_ENABLED) != 0) groups.Add(new SecurityIdentifier(all[i].Sid).Value);
            }
        }

        return groups;
    }

    public static SafeAccessTokenHandle OwnToken() =>
        Advapi32.OpenProcessToken(Kernel32.GetCurrentProcess(), Advapi32.TOKEN_QUERY, out var token) ? token : throw Win32Error.Failure("open our own token");

    private static string OwnUser()
    {
        using var token = OwnToken();
        return UserOf(token);
    }

    private static bool IsOwnAdministrator()
    {
        using var token = OwnToken();
        return UserOf(token) == LocalSystem || GroupsOf(token).Contains(Administrators);
    }

    private static uint SizeOf(SafeAccessTokenHandle token, int kind)
    {
        _ = Advapi32.GetTokenInformation(token, kind, null, 0, out var needed);
        return needed;
    }

    /// <summary>It points into itself: <paramref name="at"/> must not move.</summary>
    private static void Read(SafeAccessTokenHandle token, int kind, byte* at)
    {
        if (!Advapi32.GetTokenInformation(token, kind, at, SizeOf(token, kind), out _)) throw Win32Error.Failure("read a token");
    }
}
