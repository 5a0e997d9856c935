using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks.StandardOutput;

/// <summary>
/// Events as lines of JSON on the process's own standard output, for whoever reads it. Delivered is what it has taken: what the reader of a pipe loses, nobody counts. A reader that has gone is
/// trouble, as a receiver that is away.
/// </summary>
/// <param name="open">Gives the output as a stream that says when nobody reads it any more, as far as the system says it.</param>
public sealed class StandardOutputSink(Func<Stream> open) : ISink
{
    /// <summary>There is one output, however many sinks write to it.</summary>
    private static readonly Lock gate = new();

    private Stream? output;

    public async Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        try
        {
            // A pipe that nobody empties holds up a write for as long as it likes, and nothing can call it back: who ends does not wait for it.
            await Task.Run(() => Write(batch, asked), CancellationToken.None).WaitAsync(cancel);
            return Delivery.All.Of;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // How much of it has arrived is not known: all of it comes again.
            Close();
            return new Delivery.Nothing($"standard output: {e.Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Write(EventBatch batch, IReadOnlyList<int> asked)
    {
        lock (gate)
        {
            output ??= open();
            if (asked.Count == batch.Events.Count)
            {
                output.Write(batch.Lines.Span);
            }
            else
            {
                foreach (var index in asked)
                {
                    var at = batch.Events[index];
                    output.Write(batch.Lines.Span.Slice(at.Start, at.Length));
                }
            }

            output.Flush();
        }
    }

    private void Close()
    {
        output?.Dispose();
        output = null;
    }
}
