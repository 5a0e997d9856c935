using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Supervisor;

/// <summary>What guard and supervisor say of themselves: a line with its time on stderr. Instances' events are in the journal.</summary>
/// <param name="file">Where stderr may be appended to: it is held to a size. Null: nowhere that is ours.</param>
internal sealed class Log(TextWriter output, TimeProvider time, string? file = null)
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
                if (file is not null) OwnLog.Hold(file);
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
