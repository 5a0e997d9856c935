using System.Text;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>The wire form of protobuf, read by its documentation alone ("Encoding"): what is generated from our own .proto would believe whatever number stands there.</summary>
internal sealed class RawProtobuf
{
    private readonly List<(int Number, ulong Value, byte[]? Bytes)> fields = [];

    public RawProtobuf(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((number, Varint(bytes, ref at), null));
                    break;
                case 1:
                    fields.Add((number, BitConverter.ToUInt64(bytes, at), null));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    fields.Add((number, 0, bytes[at..(at + length)]));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    /// <summary>The numbers that are there, each once, ascending.</summary>
    public IReadOnlyList<int> Numbers => [.. fields.Select(one => one.Number).Distinct().Order()];

    public IEnumerable<RawProtobuf> All(int number) => fields.Where(one => one.Number == number).Select(one => new RawProtobuf(one.Bytes!));

    public RawProtobuf One(int number) => All(number).Single();

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public byte[] Bytes(int number) => fields.Single(one => one.Number == number).Bytes!;

    public ulong Value(int number) => fields.Single(one => one.Number == number).Value;

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var one = bytes[at++];
            value |= (ulong)(one & 127) << shift;
            if (one < 128) return value;
        }
    }
}
