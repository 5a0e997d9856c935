namespace Holdfast.Core.NativeServices;

/// <summary>Whether the service's process carries an identity of its own, <c>NT SERVICE\name</c>, that rights can be given to.</summary>
public enum ServiceSidType
{
    None,

    Unrestricted,

    /// <summary>It also writes only where that identity (or everyone) was given the right to.</summary>
    Restricted,
}
