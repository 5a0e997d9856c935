using System.Runtime.Versioning;

// Real processes, signals and modes of files: the Windows side will have a project of its own, under Wine.
[assembly: SupportedOSPlatform("linux")]

// Each test has a node of its own; two at a time are enough for the cores.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
