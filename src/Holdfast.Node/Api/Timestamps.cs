using Google.Protobuf.WellKnownTypes;

namespace Holdfast.Node.Api;

/// <summary>Moments as callers send them, who may be anybody.</summary>
internal static class Timestamps
{
    /// <summary>Of none, and of what is no time, the beginning of all: whoever judges it finds it far off.</summary>
    public static DateTimeOffset Read(Timestamp? sent)
    {
        try
        {
            return sent?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
        }
        catch (InvalidOperationException)
        {
            return DateTimeOffset.MinValue;
        }
    }
}
