namespace Holdfast.Core.NativeServices;

/// <summary>Every bound of native services that a spec does not set.</summary>
public static class NativeServiceLimits
{
    /// <summary>What a wait hint adds to a step's own limit: to notice its end and to report it, on a busy machine at the lowest priority (delayed start).</summary>
    public static readonly TimeSpan ReportWithin = TimeSpan.FromSeconds(2);

    /// <summary>From an order of the SCM to the first sign that the supervisor carries it out.</summary>
    public static readonly TimeSpan InHandWithin = TimeSpan.FromSeconds(10);

    /// <summary>From the end of the instance to the end of its supervisor's own work; then STOPPED is reported in any case.</summary>
    public static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    /// <summary>What is kept of a shutdown's time for our own end.</summary>
    public static readonly TimeSpan ShutdownReserve = TimeSpan.FromSeconds(1);

    /// <summary>What Windows leaves a service at SHUTDOWN where nobody has changed it (WaitToKillServiceTimeout of current versions).</summary>
    public static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(5);

    /// <summary>So long services.msc waits for a stop; then it shows error 1053, though the service may stop all the same.</summary>
    public static readonly TimeSpan ConsoleWaits = TimeSpan.FromSeconds(125);

    /// <summary>The SCM takes milliseconds in 32 bits, and some of its clients read them with a sign.</summary>
    public static readonly TimeSpan LongestHint = TimeSpan.FromMilliseconds(int.MaxValue);
}
