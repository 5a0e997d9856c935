namespace Holdfast.Cli;

/// <summary>Who read our stdout has gone.</summary>
internal sealed class ClosedOutputException(IOException inner) : Exception("The reader of the output has gone.", inner);
