using System.Threading.Channels;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Clusters;

/// <summary>Works that go on when who asked for them has gone, and tell how they go to who still listens.</summary>
internal static class Telling
{
    /// <param name="work">Is given whom to tell of each step; its outcome is told last.</param>
    /// <param name="cancel">Ends the listening, not the work.</param>
    public static IAsyncEnumerable<Outcome<string>> Of(Func<Action<string>, Task<Outcome<string>>> work, CancellationToken cancel)
    {
        var told = Channel.CreateUnbounded<Outcome<string>>();
        _ = Task.Run(
            async () =>
            {
                try
                {
                    told.Writer.TryWrite(await work(line => told.Writer.TryWrite(line)));
                    told.Writer.Complete();
                }
                catch (Exception bug)
                {
                    told.Writer.Complete(bug);
                }
            },
            CancellationToken.None);
        return told.Reader.ReadAllAsync(cancel);
    }
}
