namespace Holdfast.Platform.Linux.Births;

/// <summary>What a start failed at; the numbers are those of native/holdfast_spawn.c.</summary>
internal enum BirthStep
{
    None = 0,
    Birth = 1,
    Container = 2,
    Descriptors = 3,
    Limits = 4,
    Account = 5,
    Parent = 6,
    Folder = 7,
    Program = 8,
    Affinity = 9,
}
