namespace Holdfast.Core.Packages;

/// <summary>
/// What the file system says of a file, enough to know without reading it that it is still the file that was digested:
/// any write, replacement or change of rights changes at least one of them.
/// </summary>
/// <param name="Size">In bytes.</param>
/// <param name="Volume">Device number, or volume serial number.</param>
/// <param name="FileId">Inode, or file index.</param>
/// <param name="ChangeTime">Of content or rights, in nanoseconds since 1970 (ctime; on Windows the change time of the MFT record).</param>
/// <param name="WritableByOthers">Somebody else may write it: the rights say so, or its owner is neither the administrator nor the account that asks.</param>
public sealed record FileFacts(long Size, ulong Volume, ulong FileId, long ChangeTime, bool WritableByOthers);
