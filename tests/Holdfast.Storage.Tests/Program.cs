using Holdfast.Storage.Sqlite;
using Holdfast.Storage.Tests.Sqlite;

namespace Holdfast.Storage.Tests;

/// <summary>What crash tests start: <c>commit FILE</c> commits pairs of keys from several threads at once until it is killed.</summary>
internal static class Program
{
    private const int Writers = 4;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["commit", var file])
            return 2;
        await using var store = SqliteStore.Open(file, TemporaryFolder.Options, TimeProvider.System).Value;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var name = $"{Environment.ProcessId}-{writer}-{i}";
                var pair = new Transaction { Then = [new Operation.Put("/left/" + name, name), new Operation.Put("/right/" + name, new string('x', 5000))] };
                if (await store.CommitAsync(pair, CancellationToken.None) is not CommitResult.Decided { Succeeded: true })
                    throw new InvalidOperationException("The commit was not done.");
                Console.WriteLine(name);
            }
        })));
        return 0;
    }
}
