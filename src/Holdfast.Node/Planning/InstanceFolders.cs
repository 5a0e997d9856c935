using Holdfast.Core.Access;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Access;
using Holdfast.Node.Sources;
using Holdfast.Platform;

namespace Holdfast.Node.Planning;

/// <summary>The folders that are an instance's own, with the rights they need.</summary>
internal sealed class InstanceFolders(Home home)
{
    /// <summary>Ends what still writes into an instance's folders.</summary>
    public Action<string>? BeforePurge { get; init; }

    /// <summary>Makes the data folder, which the service's account owns, and the output folder, which it does not see.</summary>
    public static Outcome<Done> Prepare(InstancePlan plan)
    {
        Account? owner = null;
        if ((plan.LogOnAs is { } own ? new UserSpec(own) : plan.Spec.User) is { } user)
        {
            var account = AccountDirectory.Find(user);
            if (!account.TryGet(out owner))
                return Outcome.Failed<Done>(account.Problems);
        }

        return NamedGroups.Find(plan.Spec.Access).Then(groups => FolderRights.Ensure(plan.DataFolder, AreaRights.Of(Areas.Data, owner, NamedGroups.In(Areas.Data, groups)))
            // A native service's supervisor, which writes it, runs under the account.
            .Then(_ => FolderRights.Ensure(plan.OutputFolder, AreaRights.Of(Areas.Output, plan.LogOnAs is null ? null : owner, NamedGroups.In(Areas.Output, groups)))));
    }

    /// <summary>Removes all that an instance left: its data, its captured output, what was read of its files, and events of its runtime.</summary>
    public Outcome<Done> Purge(string instance)
    {
        BeforePurge?.Invoke(instance);
        foreach (var folder in new[] { Path.Combine(home.Instances, instance), Path.Combine(home.Output, instance), FollowedService.FolderOf(home, instance), EventPipeKeeper.FolderOf(home, instance) })
        {
            try
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new Problem(ProblemKind.Failed, "instance.purge", $"{folder} could not be removed.") { Why = error.Message, Mend = "remove it by hand" };
            }
        }

        return Outcome.Done;
    }
}
