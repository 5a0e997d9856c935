using Holdfast.Core.Health;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Probing;

/// <summary>One question over a socket: connected, asked, answered. It never waits: <see cref="GoOn"/> goes as far as it gets.</summary>
/// <param name="question">Null: that somebody listens is the answer.</param>
/// <param name="since">When it began, on the clock of the loop.</param>
internal sealed class SocketProbe(LoopbackConnection connection, int port, ProbeQuestion? question, TimeSpan since, TimeSpan timeout, Action<ProbeVerdict> tell) : IDisposable
{
    private int sent;
    private byte[] begun = [];

    public LoopbackConnection Connection => connection;

    public TimeSpan Timeout => timeout;

    public TimeSpan Due => since + timeout;

    /// <summary>What it waits for.</summary>
    public ProbeNeed Need { get; private set; } = ProbeNeed.Nothing;

    /// <summary>What is wrong; null: nothing that is known.</summary>
    public string? Failure { get; private set; }

    /// <param name="workspace"><see cref="ProbeQuestion.MostBytes"/> bytes that nobody else uses meanwhile.</param>
    public void GoOn(Span<byte> workspace) => Need = question is null ? Connect() : Send(question.Bytes) ?? Read(question, workspace);

    public void Fail(string why) => Failure = why;

    /// <summary>What was found.</summary>
    public void Tell(TimeSpan now) => tell(new ProbeVerdict(Failure is null, Failure, now - since));

    public void Dispose() => connection.Dispose();

    private ProbeNeed Connect() => Stop(connection.Finish(), ProbeNeed.Writing) ?? ProbeNeed.Nothing;

    private ProbeNeed? Send(ReadOnlySpan<byte> bytes)
    {
        while (sent < bytes.Length)
        {
            var step = connection.Send(bytes[sent..]);
            if (Stop(step, ProbeNeed.Writing) is { } need) return need;
            sent += step.Bytes;
        }

        return null;
    }

    private ProbeNeed Read(ProbeQuestion question, Span<byte> answer)
    {
        begun.CopyTo(answer);
        var length = begun.Length;
        while (true)
        {
            var step = connection.Read(answer[length..]);
            if (Stop(step, ProbeNeed.Reading) is { } need)
            {
                begun = answer[..length].ToArray();
                return need;
            }

            length += step.Bytes;
            if (step.Bytes > 0 && !question.IsEnough(answer[..length])) continue;
            Failure = question.Judge(answer[..length]);
            return ProbeNeed.Nothing;
        }
    }

    /// <summary>Null: the step was done, and the next one can be tried.</summary>
    private ProbeNeed? Stop(SocketStep step, ProbeNeed waiting)
    {
        if (step.State == SocketState.Done) return null;
        if (step.State == SocketState.Waiting) return waiting;
        Failure = step.State == SocketState.Refused ? $"nobody listens on port {port}" : $"port {port}: {step.Problem}";
        return ProbeNeed.Nothing;
    }
}
