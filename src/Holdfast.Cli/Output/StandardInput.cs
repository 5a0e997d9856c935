namespace Holdfast.Cli.Output;

/// <summary>The process's own stdin, a piece at a time: of a terminal a line, of a pipe what is there. What was asked for and not waited for comes with the next asking.</summary>
internal sealed class StandardInput
{
    /// <summary>What goes to a service in one piece.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly Stream stream = Console.OpenStandardInput();
    private readonly byte[] buffer = new byte[MostBytes];
    private Task<int>? reading;

    /// <summary>Whether a person types.</summary>
    public bool IsTerminal { get; } = !Console.IsInputRedirected;

    /// <summary>The next piece, valid until the next call; empty at the end.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel)
    {
        // A read of a terminal cannot be cancelled, and waits on a thread of the pool, which keeps no process from ending.
        var read = reading ??= Task.Run(() => stream.Read(buffer), CancellationToken.None);
        var count = await read.WaitAsync(cancel);
        reading = null;
        return buffer.AsMemory(0, count);
    }
}
