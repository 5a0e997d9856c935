namespace Holdfast.Platform.Windows.Jobs;

/// <summary>What a job is told and asked; each returns Windows's error number, 0 being success. Behind an interface, because Wine keeps no limits and counts no time: a fake reads and gives the bytes as Windows would.</summary>
internal unsafe interface IJobApi
{
    /// <summary>SetInformationJobObject.</summary>
    int Set(int kind, void* from, int length);

    /// <summary>QueryInformationJobObject.</summary>
    int Query(int kind, void* into, int length);
}
