namespace Holdfast.Core.Operations;

/// <summary>
/// How long an ended operation is remembered, so that asking again with its id is answered and not done again.
/// The audit log remembers for longer.
/// </summary>
public static class OperationRetention
{
    /// <summary>So many ended operations of one service are kept at most.</summary>
    public const int PerService = 100;

    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>Those that can be forgotten. One that is in progress or not recorded yet is never among them.</summary>
    public static IEnumerable<Operation> Surplus(IEnumerable<Operation> operations, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return operations
            .Where(operation => operation is { IsFinished: true, Recorded: true })
            .GroupBy(operation => operation.Service, StringComparer.Ordinal)
            .SelectMany(service => service
                .OrderByDescending(operation => operation.FinishedAt)
                .Where((operation, place) => place >= PerService || operation.FinishedAt < now - Longest));
    }
}
