using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;


namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")] internal static class LinuxUsage { public static IReadOnlyList<ContainerUsage?> Read(IReadOnlyList<string> ids) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class LinuxProcessHost { public static IProcessHost Create(Home home, ProcessHostOptions o) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class DetachedStart { public static Outcome<DetachedProcess> Start(string e, IReadOnlyList<string> a, IReadOnlyDictionary<string, string> v, string l) => throw new NotImplementedException(); }
