namespace Holdfast.Core.Access;

/// <summary>What somebody may do with a file, or with a folder and what is in it. Whoever may change the list of rights may write.</summary>
[Flags]
public enum AccessRights
{
    None = 0,

    /// <summary>A folder: list it.</summary>
    Read = 1,

    /// <summary>Change or remove it; a folder: add to it and remove from it.</summary>
    Write = 2,

    /// <summary>A folder: pass through it.</summary>
    Execute = 4,
}
