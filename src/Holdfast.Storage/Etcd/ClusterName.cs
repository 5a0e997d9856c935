namespace Holdfast.Storage.Etcd;

/// <summary>What a cluster of Holdfast may be called: a label as services have, so that it is good in keys, certificates and file names.</summary>
public static class ClusterName
{
    public const int MostCharacters = 40;

    /// <summary>Why it cannot be the name, as a clause; null: it can.</summary>
    public static string? Wrong(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MostCharacters) return $"the cluster's name has {name.Length} characters";
        return name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-'
            ? null
            : $"\"{name}\" is not a name of a cluster";
    }
}
