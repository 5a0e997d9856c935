using Holdfast.Core.Problems;

namespace Holdfast.Storage;

/// <summary>For callers that can wait until a lost answer is found.</summary>
public static class CommitExtensions
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Commits, and while the outcome is unknown commits again with the same request id, until it is known. On cancellation the
    /// last unknown outcome is the answer, as a problem of kind <see cref="ProblemKind.Unavailable"/>.
    /// </summary>
    public static async Task<Outcome<CommitResult.Decided>> CommitKnownAsync(
        this IStore store, Transaction transaction, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(transaction);
        var result = await store.CommitAsync(transaction, cancel);
        while (true)
        {
            switch (result)
            {
                case CommitResult.Decided decided:
                    return decided;
                case CommitResult.Failed failed:
                    return failed.Problem;
            }

            var unknown = (CommitResult.Unknown)result;
            try
            {
                await Task.Delay(Pause, time, cancel);
                result = await store.CommitAsync(transaction, cancel);
            }
            catch (OperationCanceledException)
            {
                return unknown.Problem;
            }
        }
    }
}
