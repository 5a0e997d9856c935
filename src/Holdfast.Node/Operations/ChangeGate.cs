namespace Holdfast.Node.Operations;

/// <summary>
/// One at a time: accepting a change, and removing packages that nothing needs. Two changes at once can so not be given the same
/// port, one request that came twice is one operation, and no package goes while a release that needs it is being made.
/// </summary>
internal sealed class ChangeGate : IDisposable
{
    private readonly SemaphoreSlim free = new(1, 1);

    /// <summary>Waits for its turn; disposing the answer ends it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        await free.WaitAsync(cancel);
        return new Turn(free);
    }

    public void Dispose() => free.Dispose();

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
