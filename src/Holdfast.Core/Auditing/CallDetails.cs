namespace Holdfast.Core.Auditing;

/// <summary>
/// The details that say from where a call came. Only the house writes details of this prefix: what a caller gives under it is refused, so nobody can say of himself where he is.
/// </summary>
public static class CallDetails
{
    public const string Prefix = "call.";

    /// <summary><c>local socket</c>, <c>local pipe</c>, or the address and port at the other end.</summary>
    public const string From = Prefix + "from";

    /// <summary>The process at the other end of a local connection, as the kernel says.</summary>
    public const string Pid = Prefix + "pid";

    /// <summary>The file that this process runs, where it is ours to see.</summary>
    public const string Program = Prefix + "program";

    /// <summary>SHA-256 of the certificate that was shown (DER), in hexadecimal digits.</summary>
    public const string Certificate = Prefix + "certificate";

    public const string LocalSocket = "local socket";
    public const string LocalPipe = "local pipe";

    public static bool IsOne(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
