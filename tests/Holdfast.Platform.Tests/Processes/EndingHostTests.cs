using Holdfast.Testing.Processes;

namespace Holdfast.Platform.Tests.Processes;

public sealed class EndingHostTests
{
    [Fact]
    public void A_host_that_ends_leaves_no_empty_container_behind()
    {
        var home = Directory.CreateTempSubdirectory("holdfast-ending-").FullName;
        try
        {
            string id;
            using (var host = ProcessHost.Create(new(new Home(home))))
            {
                var container = host.Open("patient", new()).Value;
                id = container.Id!;
                var events = new List<HostEvent>();
                Assert.True(host.Start(container, HostHarness.Shell("exit 0")).IsOk);
                while (!events.OfType<HostEvent.Emptied>().Any())
                    host.Wait(HostHarness.Generous, events);
                Assert.True(container.Status.Kind == "session" || Directory.Exists(id), id);
            }

            Assert.False(Directory.Exists(id), $"{id} is still there");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
