using System.Reflection;
using Xunit.Sdk;

namespace Holdfast.Integration.Tests.Samples;

/// <summary>A client and a server of samples/user-service, without TLS and with it; skipped by name where one of them is not compiled.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PairAttribute : DataAttribute
{
    public PairAttribute(string client, string server)
    {
        (Client, Server) = (client, server);
        Skip = UserPrograms.LacksClient(client) ?? UserPrograms.LacksServer(server);
    }

    public string Client { get; }

    public string Server { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Client, Server, false], [Client, Server, true]];
}
