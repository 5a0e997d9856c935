namespace Holdfast.Core.Services;

/// <summary>When a service goes back to a better preferred owner by itself.</summary>
public enum FailbackMode
{
    /// <summary>Never: somebody moves it.</summary>
    Manual,

    /// <summary>As soon as that node has been fit for a while.</summary>
    Immediate,

    /// <summary>The same, within certain hours of the day.</summary>
    Between,
}
