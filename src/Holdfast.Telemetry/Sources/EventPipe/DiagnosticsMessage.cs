using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Telemetry.Sources.EventPipe;

/// <summary>
/// Messages of .NET's diagnostics protocol, by its specification (dotnet/diagnostics, documentation/design-docs/ipc-protocol.md): a header of 20 bytes (magic, size, command set, command, 2
/// bytes of nothing), little-endian, texts as UTF-16 with their length in characters, the zero at their end included.
/// </summary>
internal static class DiagnosticsMessage
{
    public const int HeaderSize = 20;

    private const byte EventPipeSet = 2, StopTracing = 1, CollectTracing2 = 3, ServerSet = 255, Ok = 0;
    private const uint NetTraceFormat = 1;

    private static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    /// <summary>Begin a session whose events come on the same connection, behind the answer.</summary>
    /// <param name="bufferMegabytes">Of the process's memory: what does not fit in before it is read is dropped there, and counted.</param>
    public static byte[] Collect(IReadOnlyList<EventPipeProvider> providers, int bufferMegabytes)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload))
        {
            writer.Write((uint)bufferMegabytes);
            writer.Write(NetTraceFormat);
            // No rundown: it tells of every method that was compiled, for profilers.
            writer.Write((byte)0);
            writer.Write((uint)providers.Count);
            foreach (var provider in providers)
            {
                writer.Write(provider.Keywords);
                writer.Write((uint)provider.Level);
                Text(writer, provider.Name);
                Text(writer, provider.Arguments);
            }
        }

        return Message(CollectTracing2, payload.ToArray());
    }

    public static byte[] Stop(ulong session) => Message(StopTracing, BitConverter.GetBytes(session));

    /// <summary>What follows the header of an answer, and whether it is a yes.</summary>
    /// <exception cref="InvalidDataException">It is no message of the protocol.</exception>
    public static (int PayloadSize, bool IsOk) ParseHeader(ReadOnlySpan<byte> header)
    {
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header[14..]);
        if (!header.StartsWith(Magic) || size < HeaderSize || header[16] != ServerSet) throw new InvalidDataException("What answers there is no .NET runtime.");
        return (size - HeaderSize, header[17] == Ok);
    }

    private static byte[] Message(byte command, byte[] payload)
    {
        var message = new byte[HeaderSize + payload.Length];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventPipeSet;
        message[17] = command;
        payload.CopyTo(message, HeaderSize);
        return message;
    }

    private static void Text(BinaryWriter writer, string text)
    {
        if (text.Length == 0)
        {
            writer.Write(0u);
            return;
        }

        writer.Write((uint)text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + '\0'));
    }
}
