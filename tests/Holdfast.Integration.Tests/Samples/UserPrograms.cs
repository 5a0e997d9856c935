namespace Holdfast.Integration.Tests.Samples;

/// <summary>The programs of samples/user-service, a server or client per language, as <c>./build.sh test</c> has compiled them.</summary>
internal static class UserPrograms
{
    /// <summary>What every client prints when all is well.</summary>
    public const string Expected = """
        GetUser: Ada is 36
        GetUser: NOT_FOUND, there is no user eve
        SumAges: 3 users, 120 years
        ListUsers: Ada, Bob, Cid; request-id 4711 came back
        LookUp: ada is 36, eve is nobody, cid is 43
        ListUsers: DEADLINE_EXCEEDED while it followed

        """;

    public const string CSharp = "C#", Go = "Go", Python = "Python", Node = "Node", Java = "Java";

    private static readonly Dictionary<string, Client> clients = new()
    {
        [CSharp] = new("csharp/client", "bin/user-client", ["./bin/user-client"], "a .NET SDK"),
        [Go] = new("go/client", "bin/user-client", ["./bin/user-client"], "golang-google-grpc-dev and protoc-gen-go-grpc"),
        [Python] = new("python", "bin/user_pb2_grpc.py", ["/usr/bin/python3", "client.py"], "python3-grpcio and protobuf-compiler-grpc"),
        [Node] = new("node", "node_modules/@grpc/grpc-js", ["node", "client.js"], "npm and its registry"),
        [Java] = new("java", "bin/UserClient.class", ["java", "-Djava.library.path=bin", "@classpath", "UserClient"], "libgrpc-java and its compiler"),
    };

    private static readonly string root = Path.Combine(Path.GetDirectoryName(Nodes.Payments.Source)!, "user-service");

    public static IEnumerable<string> Clients => clients.Keys;

    /// <summary>Why a client cannot be run; null: it can.</summary>
    public static string? LacksClient(string language)
    {
        var client = clients[language];
        return Path.Exists(Path.Combine(root, client.Folder, client.Compiled)) ? null : Lacks($"client in {language}", client.Needs);
    }

    /// <summary>Why a server cannot be run; null: it can.</summary>
    public static string? LacksServer(string language) => File.Exists(Server(language)) ? null : Lacks($"server in {language}", clients[language].Needs);

    /// <summary>The folder of a server's holdfast.yaml.</summary>
    public static string ServerFolder(string language) => Path.Combine(root, language == Go ? "go" : "csharp", "server");

    public static string Server(string language) => Path.Combine(ServerFolder(language), "bin", "user-server");

    /// <summary>Runs a client; its answers are to be <see cref="Expected"/>.</summary>
    public static async Task RunClientAsync(string language, string server, params IEnumerable<string> more)
    {
        var (folder, _, command, _) = clients[language];
        var place = Path.Combine(root, folder);
        var program = command[0].StartsWith('.') ? Path.Combine(place, command[0]) : command[0];
        var ran = (await Nodes.Programs.RunAsync(program, [.. command[1..], "--server", server, .. more], place)).Ok();
        Assert.True(ran.Output == Expected, $"The client in {language} said:\n{ran.Output}{ran.Error}");
    }

    private static string Lacks(string what, string needs) => $"samples/user-service's {what} is not compiled: it needs {needs}";

    /// <param name="Folder">Where it is, and where it is run.</param>
    /// <param name="Compiled">What is there once it can be run.</param>
    /// <param name="Needs">What it takes to compile it.</param>
    private sealed record Client(string Folder, string Compiled, string[] Command, string Needs);
}
