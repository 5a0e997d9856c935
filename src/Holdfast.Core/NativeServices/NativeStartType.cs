namespace Holdfast.Core.NativeServices;

/// <summary>When Windows starts a service: "Startup type" in services.msc.</summary>
public enum NativeStartType
{
    /// <summary>At boot.</summary>
    Automatic,

    /// <summary>After the automatic ones, one by one, at no promised time ("Automatic (Delayed Start)").</summary>
    Delayed,

    /// <summary>When somebody starts it.</summary>
    Manual,

    /// <summary>Not at all.</summary>
    Disabled,
}
