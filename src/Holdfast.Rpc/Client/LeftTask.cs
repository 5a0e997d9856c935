namespace Holdfast.Rpc.Client;

/// <summary>What becomes of something that nobody waits for any more.</summary>
internal static class LeftTask
{
    /// <summary>Its result is disposed of when there is one; its failure counts as seen, so that it is no unobserved one.</summary>
    public static void DisposeWhenDone<T>(this Task<T> left)
        where T : IDisposable => left.ContinueWith(
            static task =>
            {
                if (task.IsCompletedSuccessfully) task.Result.Dispose();
                else _ = task.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
