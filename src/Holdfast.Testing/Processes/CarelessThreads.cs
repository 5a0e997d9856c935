namespace Holdfast.Testing.Processes;

/// <summary>Threads that open and close descriptors without close-on-exec all the time, as libraries do.</summary>
internal sealed class CarelessThreads : IDisposable
{
    private readonly List<Thread> threads = [];
    private volatile bool over;

    public CarelessThreads(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var thread = new Thread(() =>
            {
                while (!over)
                {
                    using var one = new Inheritable();
                    using var another = new Inheritable();
                    Thread.Yield();
                }
            });
            thread.Start();
            threads.Add(thread);
        }
    }

    public void Dispose()
    {
        over = true;
        threads.ForEach(thread => thread.Join());
    }
}
