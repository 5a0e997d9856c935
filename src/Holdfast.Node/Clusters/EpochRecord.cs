using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;

namespace Holdfast.Node.Clusters;

/// <summary>Law 7 for leadership: that this node begins to act in an epoch is in its record before it does, and that it has ended when it has.</summary>
internal sealed class EpochRecord(string node, ChangeRecord record)
{
    private const string Prefix = "lead-";

    public static bool Is(string operation) => operation.StartsWith(Prefix, StringComparison.Ordinal);

    public Outcome<Done> Write(EpochEvent happened) => record.Note(new()
    {
        Actor = $"node/{node}",
        Action = "lead",
        Target = happened.Service,
        Operation = $"{Prefix}{happened.Service}-{happened.Epoch}",
        Outcome = happened.Kind switch
        {
            EpochEventKind.Begins or EpochEventKind.Stops or EpochEventKind.Held => AuditOutcome.Intended,
            EpochEventKind.Ended or EpochEventKind.Attached => AuditOutcome.Done,
            _ => AuditOutcome.Failed,
        },
        Details = new Dictionary<string, string> { ["epoch"] = $"{happened.Epoch}", ["what"] = Word(happened.Kind), ["reason"] = happened.Why },
    });

    private static string Word(EpochEventKind kind) => kind switch
    {
        EpochEventKind.Begins => "begins to act",
        EpochEventKind.Stops => "is to end",
        EpochEventKind.Held => "goes on without its lease",
        EpochEventKind.Attached => "has a lease again",
        EpochEventKind.Ended => "nothing of it runs any more",
        _ => "nobody takes over by itself",
    };
}
