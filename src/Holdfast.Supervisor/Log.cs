using Holdfast.Core.Problems;

namespace Holdfast.Supervisor;

/// <summary>What the supervisor says of itself: a line with its time on stderr. Instances' events are in the journal.</summary>
internal sealed class Log(TextWriter output, TimeProvider time)
{
    private readonly Lock gate = new();

    public void Say(string line)
    {
        lock (gate)
        {
            try
            {
                output.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {line}");
                output.Flush();
            }
            catch (IOException)
            {
                // A full disk under the log must not end the supervisor; the journal counts what it loses.
            }
        }
    }

    public void Say(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems) Say(problem.ToString());
    }
}
