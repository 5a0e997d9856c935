using System.Runtime.Versioning;

// Holdfast.Windows.Tests only reads its names on Linux; what is run is run on Windows.
[assembly: SupportedOSPlatform("windows")]
