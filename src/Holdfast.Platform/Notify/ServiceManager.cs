using System.Net.Sockets;

namespace Holdfast.Platform;

/// <summary>Tells whoever manages this process how it is (sd_notify(3)). Does nothing where nobody asked for it.</summary>
public static class ServiceManager
{
    /// <summary>From now on it serves.</summary>
    public static void Ready() => Tell("READY=1");

    /// <summary>It has begun to end.</summary>
    public static void Stopping() => Tell("STOPPING=1");

    /// <summary>One sentence that it shows beside the process.</summary>
    public static void Status(string sentence) => Tell("STATUS=" + sentence.ReplaceLineEndings(" "));

    private static void Tell(string state)
    {
        // Windows' service control manager has calls of its own for this.
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } address) return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An @ stands for the zero byte of an abstract address.
            socket.SendTo(System.Text.Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }
        catch (SocketException)
        {
            // A manager that does not listen is not told; it has timeouts of its own.
        }
    }
}
