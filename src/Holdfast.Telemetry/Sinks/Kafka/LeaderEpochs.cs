using System.Reflection;
using Confluent.Kafka;

namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>
/// The client library asks a librdkafka for the epoch of a partition's leader, which those before 2.1 (Debian 12 has 2.0.2) do not know: reading would end at the first message. It is answered here then,
/// as librdkafka answers where it knows none.
/// </summary>
/// <remarks>The library has no way to say this from outside; its fields are those of the version that this project names, and the tests of the Kafka source read with an old one.</remarks>
internal static class LeaderEpochs
{
    private const int FirstThatKnows = 0x02_01_00_00, Unknown = -1;

    private static readonly (string Field, Delegate Answer)[] answers =
    [
        ("_message_leader_epoch", (nint _) => Unknown),
        ("_topic_partition_get_leader_epoch", (nint _) => Unknown),
        ("_topic_partition_set_leader_epoch", (nint _, int _) => { }),
    ];

    /// <summary>Throws where there is no librdkafka.</summary>
    public static void AnswerForOlderOnes()
    {
        if (Library.Version >= FirstThatKnows) return;
        var functions = typeof(Library).Assembly.GetType("Confluent.Kafka.Impl.Librdkafka");
        foreach (var (name, answer) in answers)
        {
            if (functions?.GetField(name, BindingFlags.NonPublic | BindingFlags.Static) is { } field) field.SetValue(null, Delegate.CreateDelegate(field.FieldType, answer.Target, answer.Method));
        }
    }
}
