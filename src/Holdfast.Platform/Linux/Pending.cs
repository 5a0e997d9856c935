using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;


namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")] internal static class LinuxUsage { public static IReadOnlyList<ContainerUsage?> Read(IReadOnlyList<string> ids) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class ProcStat { public static ProcessFacts? Read(int pid) => throw new NotImplementedException(); public static string? Executable(int pid) => throw new NotImplementedException(); public static int? OpenFiles(int pid) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class LinuxProcessHost { public static IProcessHost Create(Home home, ProcessHostOptions o) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class PosixAccounts { public static Outcome<Account> Find(UserSpec user) => throw new NotImplementedException(); public static Account Current() => throw new NotImplementedException(); public static uint? FindGroup(string n) => throw new NotImplementedException(); public static string NameOf(uint n) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class PosixDurableFile { public static Outcome<Done> Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode) => throw new NotImplementedException(); public static Outcome<Done> Delete(string path) => throw new NotImplementedException(); public static void SyncFolder(string path) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class PosixRights { public static Outcome<Done> Ensure(string path, UnixFileMode mode, Account? o) => throw new NotImplementedException(); public static Outcome<Done> Set(string path, UnixFileMode mode, Account? o) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class PosixFileLock { public static Outcome<FileLock> TryTake(string path, TimeProvider t) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class PosixFileFacts { public static FileFacts? Read(string path) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class UnixEndpoint { public static Outcome<Socket> Listen(string path, UnixFileMode mode, uint? g) => throw new NotImplementedException(); public static Outcome<Socket> Connect(string path) => throw new NotImplementedException(); public static Outcome<Done> CheckPath(string path) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class UnixPeer { public static PeerIdentity Of(Socket socket) => throw new NotImplementedException(); public static bool IsMember(PeerIdentity p, string g) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class BootTime { public static string ReadBootId() => throw new NotImplementedException(); public static long Nanoseconds() => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class DetachedStart { public static Outcome<DetachedProcess> Start(string e, IReadOnlyList<string> a, IReadOnlyDictionary<string, string> v, string l) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class TcpListeners { public static PortOwner? OwnerOf(int port) => throw new NotImplementedException(); public static bool IsTaken(int port) => throw new NotImplementedException(); }
[SupportedOSPlatform("linux")] internal static class UnixNotifySocket { public static Outcome<NotifySocket> Create(string path, Account? o) => throw new NotImplementedException(); }
