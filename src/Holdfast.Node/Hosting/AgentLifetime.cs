using Microsoft.Extensions.Hosting;

namespace Holdfast.Node.Hosting;

/// <summary>The agent itself decides when the web ends: signals are the program's, and the web's own words about them would only confuse.</summary>
internal sealed class AgentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
