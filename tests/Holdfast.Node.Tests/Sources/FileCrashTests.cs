using System.Globalization;
using Holdfast.Testing.Storage;
using Xunit.Abstractions;

namespace Holdfast.Node.Tests.Sources;

/// <summary>A process that reads is killed with SIGKILL again and again, while a service writes and its files are rotated with the steps of logrotate.</summary>
public sealed class FileCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int ClearEvery = 10, MostRotations = 5;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-files-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Law06_each_line_is_there_once_over_twenty_kills_and_both_ways_of_rotation(int seed) => KillAsync(seed, kills: 10);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Law06_each_line_is_there_once_over_hundreds_of_kills()
    {
        var seed = Environment.GetEnvironmentVariable("HOLDFAST_SOAK_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"HOLDFAST_SOAK_SEED={seed}");
        return KillAsync(seed, kills: 300);
    }

    private async Task KillAsync(int seed, int kills)
    {
        var random = new Random(seed);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(60), TimeProvider.System);
        using var service = new WritingService(folder.FullName, TimeProvider.System);
        // Before the service is started, as the agent does.
        service.ReadAll();
        service.Restart();
        var written = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            using var process = CrashingProcess.Start(typeof(Program).Assembly.Location, "follow", folder.FullName);
            var killed = process.KillAfterAsync(random.Next(1, 80), deadline.Token);
            // It writes while the reader begins, reads and dies, and at least a little. How long that takes is the machine's affair, and how many files there are is not.
            var rotations = 0;
            for (var rounds = 0; rounds < 20 || !killed.IsCompleted; rounds++)
            {
                for (var lines = random.Next(1, 50); lines > 0; lines--) service.Append("app.log", $"line {++written} {new string('x', random.Next(200))}\n");
                if (random.Next(20) == 0 && rotations++ < MostRotations) Rotate(service, random);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5)), TimeProvider.System);
            }

            await killed;
            if (kill % ClearEvery == ClearEvery - 1) Clear(service);
        }

        Assert.True(written > 1000);
        ReadWhole(service);
        var read = service.Lines().Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(1, written), read.Order());
        Assert.Empty(service.Losses());
    }

    private static void ReadWhole(WritingService service)
    {
        for (var still = 0; still < 3; still++) service.ReadAll();
    }

    /// <summary>Rotation deletes as well, what was read by then.</summary>
    private static void Clear(WritingService service)
    {
        ReadWhole(service);
        service.Restart();
        for (var number = 1; File.Exists(service[$"app.log.{number}"]); number++) File.Delete(service[$"app.log.{number}"]);
    }

    private static void Rotate(WritingService service, Random random)
    {
        // Nothing is deleted here: what stands nowhere nobody reads. See Clear.
        var last = 1;
        while (File.Exists(service[$"app.log.{last}"])) last++;
        for (var i = last - 1; i >= 1; i--) File.Move(service[$"app.log.{i}"], service[$"app.log.{i + 1}"]);

        if (random.Next(2) == 0)
        {
            File.Move(service["app.log"], service["app.log.1"]);
            return;
        }

        File.Copy(service["app.log"], service["app.log.1"]);
        using var emptied = new FileStream(service["app.log"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        emptied.SetLength(0);
    }
}
