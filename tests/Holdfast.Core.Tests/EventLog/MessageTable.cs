using System.Text;
using Holdfast.Core.EventLog;

namespace Holdfast.Core.Tests.EventLog;

/// <summary>
/// MESSAGE_RESOURCE_DATA of winnt.h: blocks of ids that follow each other, each with its entries, which are as long as they say and end with a
/// line's end and NUL.
/// </summary>
internal static class MessageTable
{
    private const ushort Unicode = 1;

    public static byte[] Of(IEnumerable<EventLogMessage> messages)
    {
        var blocks = new List<List<EventLogMessage>>();
        foreach (var message in messages.OrderBy(message => message.Id))
        {
            if (blocks.Count == 0 || blocks[^1][^1].Id + 1 != message.Id) blocks.Add([]);
            blocks[^1].Add(message);
        }

        using var table = new MemoryStream();
        using var writer = new BinaryWriter(table);
        using var entries = new MemoryStream();
        var head = sizeof(int) + (blocks.Count * 3 * sizeof(int));
        writer.Write(blocks.Count);
        foreach (var block in blocks)
        {
            writer.Write(block[0].Id);
            writer.Write(block[^1].Id);
            writer.Write(head + (int)entries.Length);
            foreach (var message in block) entries.Write(Entry(message.Text));
        }

        writer.Write(entries.ToArray());
        return table.ToArray();
    }

    private static byte[] Entry(string text)
    {
        var letters = Encoding.Unicode.GetBytes(text + "\r\n\0");
        var length = 2 * sizeof(ushort) + letters.Length;
        var padded = (length + 3) / 4 * 4;
        using var entry = new MemoryStream();
        using var writer = new BinaryWriter(entry);
        writer.Write((ushort)padded);
        writer.Write(Unicode);
        writer.Write(letters);
        writer.Write(new byte[padded - length]);
        return entry.ToArray();
    }
}
