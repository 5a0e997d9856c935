using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Waiting;

/// <summary>What can be said of a watched handle at this moment.</summary>
internal readonly record struct Sight(bool Readable, bool HangUp)
{
    public bool IsAny => Readable || HangUp;
}

/// <summary>
/// One watched handle. A completion port tells that something has happened, once; who watches wants to know that something is there, for as
/// long as it is. So each is either armed (something outstanding will leave a packet) or loose: looked at before every wait, and armed as
/// soon as there is nothing to be seen.
/// </summary>
[SupportedOSPlatform("windows")]
internal abstract class Watched(long token) : IDisposable
{
    public long Token { get; } = token;

    public bool IsRemoved { get; set; }

    /// <summary>Its packet has not come yet.</summary>
    public bool IsArmed { get; protected set; }

    /// <summary>Never waits.</summary>
    public abstract Sight Look();

    /// <summary>True: a packet will come. False: there is something to be seen already.</summary>
    public abstract bool Arm();

    /// <summary>Its packet has come.</summary>
    public void Disarm() => IsArmed = false;

    /// <summary>Nothing is wanted of it any more. Its memory is needed until its packet has come, where it is armed.</summary>
    public abstract void Cancel();

    public abstract void Dispose();
}
