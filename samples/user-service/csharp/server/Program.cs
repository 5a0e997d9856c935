using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Acme.User.V1;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Reflection;
using Holdfast.Rpc.Server;
using UserServer;

// As in sysexits.h.
const int CannotListen = 69, BadSettings = 78;

Settings settings;
try
{
    settings = Settings.Read(args, Environment.GetEnvironmentVariable);
    if (settings.Certificate is not null) _ = settings.Identity();
}
catch (Exception bad) when (bad is FormatException or IOException or UnauthorizedAccessException or CryptographicException)
{
    Console.Error.WriteLine($"user-server: {bad.Message}");
    return BadSettings;
}

var health = new HealthService();
health.Set(UserService.Descriptor.FullName, serving: true);
using var server = new RpcServer(
    new RpcServerOptions { OnBug = (method, bug) => JsonLog.Error("a call failed", ("method", method), ("error", bug.ToString())) },
    TimeProvider.System,
    ReflectionServices.With(new Users(), health));

var stop = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

RpcHost host;
try
{
    host = settings.Certificate is null
        ? await RpcHost.ListenTcpAsync(settings.Listen, server, default)
        : await RpcHost.ListenTlsAsync(settings.Listen, settings.Identity, refused => JsonLog.Warn("a client was refused", ("reason", refused)), server, default);
}
catch (Exception e) when (e is IOException or SocketException)
{
    JsonLog.Error("cannot listen", ("address", settings.Listen.ToString()), ("error", e.Message));
    return CannotListen;
}

await using (host)
{
    JsonLog.Info("started", ("address", new Uri(host.Addresses.Single()).Authority), ("tls", settings.Certificate is not null));
    var signal = await stop.Task;
    JsonLog.Info("stopping", ("signal", signal.ToString()));
    // Clients go elsewhere from now on (GOAWAY); the calls under way have this long.
    await host.StopAsync(TimeSpan.FromSeconds(10));
    JsonLog.Info("stopped");
}

return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult(context.Signal);
}
