using System.Runtime.Versioning;

// The Windows side brings tests of its own; the conformance suites are for both.
[assembly: SupportedOSPlatform("linux")]
