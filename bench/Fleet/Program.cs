using Holdfast.Bench.Fleet;
using Holdfast.Rpc;

// fleet HOME FOLDER COUNT: packs, signs and deploys the service in FOLDER so many times, as p0, p1, …; # in its spec stands for
// the number. It does what `holdfast pack`, `sign` and `deploy` do, without starting a runtime three times for each service.
if (args is not [var home, var folder, var number] || !int.TryParse(number, out var count))
{
    Console.Error.WriteLine("fleet HOME FOLDER COUNT");
    return 2;
}

using var fleet = new Deployment(home, folder);
var failures = new List<string>();
await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, cancel) =>
{
    try
    {
        await fleet.DeployAsync(index, cancel);
    }
    catch (Exception failure) when (failure is RpcException or InvalidOperationException or IOException)
    {
        lock (failures) failures.Add($"p{index}: {failure.Message}");
    }
});
foreach (var failure in failures.Take(10)) Console.Error.WriteLine(failure);
if (failures.Count > 0) Console.Error.WriteLine($"{failures.Count} of {count} were not deployed");
return failures.Count == 0 ? 0 : 1;
