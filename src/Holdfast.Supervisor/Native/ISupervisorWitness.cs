using Holdfast.Supervisor.Loop;

namespace Holdfast.Supervisor.Native;

/// <summary>Somebody for whom this supervisor is a service: told of its loop before anything is started, and when what is known has been taken up. On the loop's thread.</summary>
internal interface ISupervisorWitness
{
    void Begin(SupervisorLoop loop, World world);

    void Restored();
}
