using System.Text;

namespace Holdfast.Platform.Linux.Generations;

/// <summary>What the kernel says on its socket for events of devices: <c>change@/devices/…</c>, then <c>KEY=VALUE</c>, each ended by a zero byte.</summary>
internal static class KernelEvent
{
    /// <summary>The driver <c>vmgenid</c> says so (kernel 6.10 and later).</summary>
    private static readonly byte[] NewGeneration = Encoding.ASCII.GetBytes("NEW_VMGENID=1");

    private static readonly byte[] Change = Encoding.ASCII.GetBytes("change@");

    /// <summary>The virtual machine is another than it was.</summary>
    /// <param name="message">As it was received; anything may be in it.</param>
    public static bool IsNewGeneration(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith(Change)) return false;
        // The device's path is a word of its own: what it is called must not be taken for what is said.
        foreach (var range in message.Split((byte)0))
        {
            if (message[range].SequenceEqual(NewGeneration)) return true;
        }

        return false;
    }
}
