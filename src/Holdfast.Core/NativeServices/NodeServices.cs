namespace Holdfast.Core.NativeServices;

/// <summary>The two services that a node is on Windows, by their names in the SCM.</summary>
public static class NodeServices
{
    public const string Agent = "holdfast-agent";
    public const string Supervisor = "holdfast-supervisor";

    /// <summary>Asked by the SCM at shutdown: as long as the longest stop of what it keeps may take, hooks and kills included.</summary>
    private static readonly TimeSpan SupervisorPreshutdown = TimeSpan.FromMinutes(3);

    /// <summary>In it what leads on the node is handed over.</summary>
    private static readonly TimeSpan AgentPreshutdown = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan AgentStop = TimeSpan.FromSeconds(30);

    public static NativeServiceConfig ForAgent(string commandLine) => new()
    {
        Name = Agent,
        DisplayName = "Holdfast agent",
        Description = "Deploys services, and answers holdfast. Services run on without it.",
        CommandLine = commandLine,
        Account = ScmAccount.LocalSystem,
        PreshutdownTimeout = AgentPreshutdown,
    };

    public static NativeServiceConfig ForSupervisor(string commandLine) => new()
    {
        Name = Supervisor,
        DisplayName = "Holdfast supervisor",
        Description = "Keeps the node's services running. Stopped, it stops them.",
        CommandLine = commandLine,
        Account = ScmAccount.LocalSystem,
        PreshutdownTimeout = SupervisorPreshutdown,
    };

    /// <summary>What the shared supervisor is for the SCM: not one service, but all that it keeps.</summary>
    /// <param name="preshutdown">Whether the SCM has taken the preshutdown time-out.</param>
    public static NativeServicePlan SupervisorPlan(bool preshutdown) => new()
    {
        StopWithin = SupervisorPreshutdown,
        PreshutdownWithin = preshutdown ? SupervisorPreshutdown : null,
    };

    /// <summary>A stop ends the agent, and nothing else; before the machine goes down it hands over first.</summary>
    /// <param name="preshutdown">Whether the SCM has taken the preshutdown time-out.</param>
    public static NativeServicePlan AgentPlan(bool preshutdown) => new()
    {
        StopWithin = preshutdown ? AgentPreshutdown : AgentStop,
        PreshutdownWithin = preshutdown ? AgentPreshutdown : null,
    };
}
