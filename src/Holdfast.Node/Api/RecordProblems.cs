using System.Globalization;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Hosting;
using Holdfast.Platform;

namespace Holdfast.Node.Api;

/// <summary>Why somebody may not append a record of his own business.</summary>
internal static class RecordProblems
{
    /// <summary>What a refused attempt is in the record.</summary>
    public const string Attempt = BusinessRecord.Attempt;

    /// <summary>What it is on, where no service is behind it.</summary>
    public const string Target = "audit";

    private const string Mine = "call from a process of the service, at the address in " + Home.RecordsVariable;

    public static Problem Gone { get; } = new(ProblemKind.Refused, "record.no-process", "The process that made this connection has ended, or cannot be seen from here, so nobody knows which service calls.")
    {
        Mend = "let the process that makes the connection call over it",
    };

    public static Problem WrongMethod(string method) => new(ProblemKind.Refused, "record.door", $"{method.TrimStart('/')} is not answered here: at this door services append records, and that is all.")
    {
        Mend = "the API is at the agent's other socket, run/api.sock of its home",
    };

    public static Problem WrongDoor { get; } = new(ProblemKind.Refused, "record.door", "Records are appended by services, at the services' door.") { Mend = Mine };

    public static Problem NoService(int pid, string account) => new(ProblemKind.Refused, "record.no-service", $"Process {pid.ToString(CultureInfo.InvariantCulture)} of {account} runs in the container of no service of this node.")
    {
        Why = "the author of a record is the service that calls, and not an account",
        Mend = Mine,
    };

    public static Problem NotAllowed(string service) => new(ProblemKind.Refused, "record.not-allowed", $"The spec of {service} does not let it append records.")
    {
        Mend = "say `audit: {append: true}` in it, and deploy that",
    };

    public static Problem NotKnown(Problem why) => new(ProblemKind.Unavailable, "record.not-known", "Which service calls cannot be found out now; nothing was recorded.")
    {
        Why = why.What,
        Mend = "try again",
    };

    /// <param name="wait">Until there is room for one.</param>
    public static Problem TooMany(string instance, int perMinute, TimeSpan wait) => new(ProblemKind.Conflict, "record.too-many", $"{instance} has appended as many records as it may: {perMinute.ToString(CultureInfo.InvariantCulture)} a minute.")
    {
        Mend = $"try again in {Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s, or raise audit.perMinute in its spec",
    };

    public static Problem TooManyConnections(string account) => new(ProblemKind.Refused, "record.connections", $"{account} has {ConnectionCount.Most.ToString(CultureInfo.InvariantCulture)} connections to the services' door already.")
    {
        Mend = "keep one connection, and make all calls over it",
    };
}
