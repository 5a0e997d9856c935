using System.Text;
using Holdfast.Core.Access;
using Holdfast.Platform.Windows.Accounts;

namespace Holdfast.Platform.Windows.Files;

/// <summary>
/// What a mode means on Windows, as an access list in SDDL. The list is protected: nothing is inherited from above. The system and its
/// administrators have all rights, as root has; the owner has what the mode gives to the user, and may always change the list. Others are
/// the authenticated users. A group's bits are for the group that was asked for by name; where none was, nobody has them: an account's
/// primary group plays no part on Windows, and a list that is narrower than meant is seen sooner than one that is wider.
/// </summary>
internal static class AccessText
{
    private const string System = "SY";
    private const string Administrators = "BA";
    private const string Others = "AU";
    private const string All = "FA";

    /// <summary>On everything below as well.</summary>
    private const string Inherited = "OICI";

    /// <summary>To go through a folder, and to see what it is: FILE_TRAVERSE, FILE_READ_ATTRIBUTES, SYNCHRONIZE.</summary>
    private const string Pass = "0x1000a0";

    /// <summary>READ_CONTROL, WRITE_DAC and DELETE: what an owner has of a file that is not to be written.</summary>
    private const string ChangeTheList = "RCWDSD";

    /// <param name="owner">SID of the account that the user's bits are for.</param>
    /// <param name="group">SID of the group; null: none was named.</param>
    /// <param name="named">By SID, with entries of their own.</param>
    public static string Of(UnixFileMode mode, bool folder, string owner, string? group, IReadOnlyList<NamedAccess>? named = null)
    {
        var text = new StringBuilder("D:P");
        Add(text, System, All, folder);
        Add(text, Administrators, All, folder);
        if (owner != Sids.Administrators) Add(text, owner, MayWrite(mode) ? All : Rights(mode, 6) + ChangeTheList, folder);
        if (group is not null) Add(text, group, Rights(mode, 3), folder);
        foreach (var one in named ?? [])
        {
            Add(text, one.Id, Rights(one.Rights), folder);
            if (folder && !one.Rights.HasFlag(AccessRights.Execute)) Add(text, one.Id, Pass, folder);
        }

        Add(text, Others, Rights(mode, 0), folder);
        return text.ToString();
    }

    private static bool MayWrite(UnixFileMode mode) => (mode & UnixFileMode.UserWrite) != 0;

    private static void Add(StringBuilder text, string who, string rights, bool folder)
    {
        if (rights.Length == 0) return;
        // Who may only pass through a folder is not to read what is in it.
        var flags = folder && rights != Pass ? Inherited : "";
        text.Append("(A;").Append(flags).Append(';').Append(rights).Append(";;;").Append(who).Append(')');
    }

    private static string Rights(AccessRights rights) => (rights.HasFlag(AccessRights.Read) ? "FR" : "") + (rights.HasFlag(AccessRights.Execute) ? "FX" : "");

    /// <summary>Of three bits.</summary>
    private static string Rights(UnixFileMode mode, int shift) => (((int)mode >> shift) & 7) switch
    {
        0 => "",
        1 => Pass,
        // Who writes a folder removes what is in it; so it is in a POSIX folder too.
        2 or 3 => "FWSD",
        4 => "FR",
        5 => "FRFX",
        6 or 7 => "FRFWFXSD",
        _ => "",
    };
}
