namespace Holdfast.Core.Shipping;

/// <summary>Who wrote an object of JSON, and so what its names mean.</summary>
internal enum LineAuthor
{
    /// <summary>A service: a name that is the event's own stands aside.</summary>
    Service,

    /// <summary>The supervisor: records of what happened to services, whose members have a name of their own in the schema.</summary>
    Journal,

    /// <summary>The agent, in the words of the schema: all names stand.</summary>
    Agent,

    /// <summary>Another program, which says itself of what service and host it is.</summary>
    Relayed,
}
