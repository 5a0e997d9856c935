using Google.Protobuf;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Wire = Holdfast.Rpc.V1;

namespace Holdfast.Node.Api;

/// <summary>
/// Problems as they cross the API: the gRPC status says the kind of the first one, the trailer
/// <see cref="Trailer"/> carries all of them whole.
/// </summary>
public static class ProblemTranslation
{
    public const string Trailer = "holdfast-problems-bin";

    /// <summary>Largest trailer, in bytes: peers take 64 KiB of headers in all, and base64 adds a third.</summary>
    private const int MaxTrailerBytes = 32 * 1024;

    /// <summary>What a handler throws for problems it has met. There must be at least one.</summary>
    /// <param name="code">The status, where the kind of the first one does not say it.</param>
    public static RpcException ToException(IReadOnlyList<Problem> problems, StatusCode? code = null)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (problems.Count == 0) throw new ArgumentException("A failure needs a problem.", nameof(problems));
        var status = new RpcStatus(code ?? CodeOf(problems[0].Kind), problems[0].What);
        return new RpcException(status, [new MetadataEntry(Trailer, Fit(problems).ToByteArray())]);
    }

    /// <summary>The problems behind a failed call; where the other side sent none, one that is made from its status.</summary>
    public static IReadOnlyList<Problem> ToProblems(RpcException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Carried(failure) is { Count: > 0 } carried ? carried : [FromStatus(failure.Status)];
    }

    public static StatusCode CodeOf(ProblemKind kind) => kind switch
    {
        ProblemKind.BadInput => StatusCode.InvalidArgument,
        ProblemKind.Refused => StatusCode.PermissionDenied,
        ProblemKind.NotFound => StatusCode.NotFound,
        ProblemKind.Conflict => StatusCode.FailedPrecondition,
        ProblemKind.Unavailable => StatusCode.Unavailable,
        ProblemKind.Failed => StatusCode.Aborted,
        ProblemKind.Damaged => StatusCode.DataLoss,
        _ => StatusCode.Unknown,
    };

    public static ProblemKind KindOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ProblemKind.BadInput,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ProblemKind.Refused,
        StatusCode.NotFound => ProblemKind.NotFound,
        StatusCode.FailedPrecondition or StatusCode.AlreadyExists => ProblemKind.Conflict,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ProblemKind.Unavailable,
        StatusCode.DataLoss => ProblemKind.Damaged,
        _ => ProblemKind.Failed,
    };

    private static IReadOnlyList<Problem>? Carried(RpcException failure)
    {
        if (failure.Trailers.GetBytes(Trailer) is not { } bytes) return null;
        try
        {
            return [.. Wire.Problems.Parser.ParseFrom(bytes).Problems_.Select(FromWire)];
        }
        catch (InvalidProtocolBufferException)
        {
            // A neighbour version may have changed it: the status still says what is needed.
            return null;
        }
    }

    private static Problem FromStatus(RpcStatus status) =>
        new(KindOf(status.Code), $"api.{Dashed(status.Code)}", status.Detail.Length > 0 ? status.Detail : $"The agent answered {status.Code}.");

    private static Wire.Problems Fit(IReadOnlyList<Problem> problems)
    {
        var all = new Wire.Problems();
        var left = MaxTrailerBytes;
        for (var i = 0; i < problems.Count; i++)
        {
            var wire = ToWire(problems[i]);
            left -= wire.CalculateSize() + 8;
            if (left < 0)
            {
                var more = new Problem(problems[i].Kind, "api.more-problems", $"{problems.Count - i} more problems did not fit into the answer.");
                all.Problems_.Add(ToWire(more));
                break;
            }

            all.Problems_.Add(wire);
        }

        return all;
    }

    /// <summary>One that comes in the middle of a call, which goes on.</summary>
    public static Wire.Problem ToWire(Problem problem) => new()
    {
        Kind = problem.Kind.ToString(),
        Rule = problem.Rule,
        What = problem.What,
        File = problem.Where?.File ?? "",
        Line = problem.Where?.Line ?? 0,
        Column = problem.Where?.Column ?? 0,
        Why = problem.Why ?? "",
        Mend = problem.Mend ?? "",
    };

    public static Problem FromWire(Wire.Problem wire) =>
        new(Enum.TryParse<ProblemKind>(wire.Kind, out var kind) && Enum.IsDefined(kind) ? kind : ProblemKind.Failed, wire.Rule, wire.What)
        {
            Where = wire.File.Length > 0 ? new Place(wire.File, wire.Line, wire.Column) : null,
            Why = wire.Why.Length > 0 ? wire.Why : null,
            Mend = wire.Mend.Length > 0 ? wire.Mend : null,
        };

    private static string Dashed(StatusCode code) =>
        string.Concat(code.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
