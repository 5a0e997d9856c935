namespace Holdfast.Core.Services;

/// <summary>What a service's <c>access</c> gives to a group of the host.</summary>
[Flags]
public enum GroupRights
{
    None = 0,

    /// <summary>To read its data, its output, and a program that lies on the host.</summary>
    Read = 1,

    /// <summary>To execute a program that lies on the host.</summary>
    Execute = 2,

    /// <summary>To start and stop it by the SCM.</summary>
    Control = 4,
}
