namespace Holdfast.Core.Auditing;

/// <summary>
/// How the entries of a log are copied, as one pure function. Its promises: each entry is copied once and in order; what is not there any more is counted; a log that was exchanged is told, and
/// copying goes on with what is there.
/// </summary>
public static class AuditCopying
{
    /// <param name="copied">The last entry that was copied; <see cref="AuditHead.Origin"/>: none ever was.</param>
    /// <param name="next">The next one that can be read.</param>
    public static CopyStep Step(AuditHead copied, AuditEntry next)
    {
        ArgumentNullException.ThrowIfNull(copied);
        ArgumentNullException.ThrowIfNull(next);
        if (next.Sequence <= copied.Sequence) return CopyStep.Known;
        // A log that nobody has copied from begins where it begins.
        if (copied.Sequence == 0) return CopyStep.Copy;
        if (next.Sequence > copied.Sequence + 1) return CopyStep.Missing;
        return next.PreviousHash == copied.Hash ? CopyStep.Copy : CopyStep.Exchanged;
    }

    /// <summary>Whether what was copied is not in the log any more: it ends before that, or with another entry of that number.</summary>
    public static bool IsExchanged(AuditHead copied, AuditHead head)
    {
        ArgumentNullException.ThrowIfNull(copied);
        ArgumentNullException.ThrowIfNull(head);
        return head.Sequence < copied.Sequence || (head.Sequence == copied.Sequence && head.Hash != copied.Hash);
    }

    /// <summary>Where copying is right before an entry: it is the next one then, whatever was before.</summary>
    public static AuditHead Before(AuditEntry next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(next.Sequence - 1, next.PreviousHash);
    }
}

/// <summary>What is to be done about an entry that can be read.</summary>
public enum CopyStep
{
    /// <summary>Nothing: it was copied.</summary>
    Known,

    /// <summary>It is the next one.</summary>
    Copy,

    /// <summary>Those between what was copied and it are not there: they were retired, or cannot be read. They are counted, and it is the next one then.</summary>
    Missing,

    /// <summary>It does not come after what was copied: the log is another one, or was set back.</summary>
    Exchanged,
}
