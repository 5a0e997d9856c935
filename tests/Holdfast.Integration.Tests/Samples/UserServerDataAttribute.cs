using System.Reflection;
using Xunit.Sdk;

namespace Holdfast.Integration.Tests.Samples;

/// <summary>A server of samples/user-service; skipped by name where it, or the client in C# that asks it, is not compiled.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class UserServerDataAttribute : DataAttribute
{
    public UserServerDataAttribute(string server)
    {
        Server = server;
        Skip = UserPrograms.LacksServer(server) ?? UserPrograms.LacksClient(UserPrograms.CSharp);
    }

    public string Server { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Server]];
}
