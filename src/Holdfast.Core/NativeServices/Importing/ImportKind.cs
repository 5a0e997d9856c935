namespace Holdfast.Core.NativeServices.Importing;

/// <summary>Whose configuration of a service it is.</summary>
public enum ImportKind
{
    /// <summary>An export of NSSM's registry key, or the key itself.</summary>
    Nssm,

    /// <summary>WinSW's XML file.</summary>
    Winsw,

    /// <summary>Servy's export, JSON or XML.</summary>
    Servy,

    /// <summary>A definition of ours, or a spec.</summary>
    Holdfast,
}
