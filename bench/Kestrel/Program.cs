using Microsoft.AspNetCore.Server.Kestrel.Core;

// kestrel SOCKET: the framework's web server with nothing in it, published as our executables are. What the agent's start takes beyond this is the agent's.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(args[0], listen => listen.Protocols = HttpProtocols.Http2));
var app = builder.Build();
app.MapPost("/{**any}", () => Results.Bytes([0, 0, 0, 0, 0], "application/grpc"));
app.Run();
