using System.Text;

namespace Holdfast.Core.Shipping;

/// <summary>
/// What all events of one stream have in common, in the words of the Elastic Common Schema (9), encoded once. Names are written with dots, as its loggers do; a line of a service
/// that uses such a name itself keeps its own under <c>line.</c>.
/// </summary>
public sealed class EventFields
{
    public const string EcsVersion = "9.4.0";

    /// <param name="ids">What the ids of its events begin with (<see cref="EventStream.IdsBegin"/>).</param>
    /// <param name="version">Of the service, where it is known; null: it is not.</param>
    public EventFields(EventStream stream, string ids, string? version = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new EventBuffer(512);
        buffer.Add("\",\"event.kind\":\"event\""u8);
        Member("event.dataset", stream.Dataset);
        if (stream.Service is { } service)
        {
            Member("service.name", service);
            Member("service.node.name", stream.Instance);
            if (version is not null) Member("service.version", version);
        }

        Member("host.name", stream.Node);
        Member("ecs.version", EcsVersion);
        Author = stream.Service is not null ? LineAuthor.Service : stream.Name == EventStream.Agent ? LineAuthor.Agent : LineAuthor.Journal;
        Common = buffer.Written.ToArray();
        Ids = Encoding.UTF8.GetBytes(ids);

        void Member(string name, string value)
        {
            buffer.Add(",\""u8);
            buffer.Add(Encoding.UTF8.GetBytes(name));
            buffer.Add("\":\""u8);
            buffer.AddEscaped(Encoding.UTF8.GetBytes(value));
            buffer.Add((byte)'"');
        }
    }

    /// <summary>Who wrote its lines, where they are objects of JSON.</summary>
    internal LineAuthor Author { get; }

    /// <summary>Of an event's id, without its sequence.</summary>
    internal ReadOnlyMemory<byte> Ids { get; }

    /// <summary>From the quote that ends an event's id on.</summary>
    internal ReadOnlyMemory<byte> Common { get; }
}
