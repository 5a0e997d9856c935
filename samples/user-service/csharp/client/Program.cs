using System.Security.Cryptography;
using Acme.User.V1;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using UserClient;

RpcTransport transport;
try
{
    transport = Settings.Read(args);
}
catch (Exception bad) when (bad is FormatException or IOException or UnauthorizedAccessException or CryptographicException)
{
    Console.Error.WriteLine($"user-client: {bad.Message}");
    return 2;
}

using var channel = new RpcChannel(transport, TimeProvider.System);
var wrong = 0;
foreach (var (call, expected) in new Calls(new UserService.UserServiceClient(channel)).All)
{
    try
    {
        var said = await call();
        Console.WriteLine(said);
        if (said == expected) continue;
        Console.Error.WriteLine($"user-client: that should have been '{expected}'");
    }
    catch (RpcException e)
    {
        Console.Error.WriteLine($"user-client: {e.Message}; it should have been '{expected}'");
    }

    wrong++;
}

return wrong == 0 ? 0 : 1;
