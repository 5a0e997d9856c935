namespace Holdfast.Core.Services;

/// <summary>A POST without a body to this host; 200 to 299 is done. Port is the name of one of the service's ports, or a number.</summary>
public sealed record PromoteHttp(string Port, string Path);
