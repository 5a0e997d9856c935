namespace Holdfast.Node.State;

/// <summary>Where documents live in the store. Release numbers are padded so that their keys sort as the numbers do.</summary>
internal static class StateKeys
{
    public const string Root = "/holdfast/v1/";
    public const string Services = Root + "services/";
    public const string AllReleases = Root + "releases/";

    /// <summary>The latest operation of each service, and those whose outcome is not recorded yet.</summary>
    public const string Operations = Root + "operations/";

    /// <summary>Ended and recorded operations that another one has followed: only asked for by their id.</summary>
    public const string PastOperations = Root + "past-operations/";

    public static string Service(string name) => Services + name;

    public static string Releases(string service) => $"{Root}releases/{service}/";

    public static string Release(string service, int number) => $"{Releases(service)}{number:D8}";

    public static string Operation(string id) => Operations + id;

    public static string PastOperation(string id) => PastOperations + id;

    public static string Node(string name) => $"{Root}nodes/{name}";
}
