using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Holdfast.Bench.Rpc;
using Holdfast.Rpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// rpc-server holdfast|kestrel [CERTIFICATE KEY]   says its port when it listens, and at each SIGHUP "BYTES MESSAGE": what was allocated until now,
//                                                and what the messages of one call of Echo take, of the size that was echoed last.
// It is RpcHost's own way to Kestrel; RpcHost's TLS is mutual, and h2load has no certificate to show.
var service = new BenchService();
using var server = new RpcServer(new RpcServerOptions { OnBug = (method, e) => Console.Error.WriteLine($"{method}: {e}") }, TimeProvider.System, service);
var builder = WebApplication.CreateEmptyBuilder(new());
builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
{
    RpcHost.Configure(kestrel);
    kestrel.Listen(IPAddress.Loopback, 0, listen =>
    {
        listen.Protocols = HttpProtocols.Http2;
        if (args is [_, var certificate, var key]) listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, key));
    });
});
await using var app = builder.Build();
app.Run(args[0] == "kestrel" ? Bare.HandleAsync : server.HandleAsync);
await app.StartAsync();
using var asked = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    signal.Cancel = true;
    Console.WriteLine($"{GC.GetTotalAllocatedBytes(precise: true)} {MessageBytes(service.EchoedBytes)}");
});
Console.WriteLine(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port);
await app.WaitForShutdownAsync();

// Request and answer as the service has them, the bytes of the body once: the answer shares them.
static double MessageBytes(int size)
{
    const int times = 1000;
    var wire = new Payload { Body = ByteString.CopyFrom(new byte[size]) }.ToByteArray();
    var before = GC.GetAllocatedBytesForCurrentThread();
    for (var i = 0; i < times; i++) GC.KeepAlive(new Payload { Body = Payload.Parser.ParseFrom(wire.AsSpan()).Body });
    return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
}
