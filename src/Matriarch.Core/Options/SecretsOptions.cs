namespace Matriarch.Core;

/// <summary>
/// The directory of the cluster's secrets, one file each, mode 0600: <c>superuser-password</c>,
/// <c>replication-password</c>,
/// <c>cluster-key</c>, <c>api-token</c>. Secrets are never settings themselves, so they are in no argument and no
/// environment.
/// </summary>
[OptionsSection("secrets")]
public sealed class SecretsOptions : IValidatedOptions
{
    /// <summary>Absolute path, mode 0700.</summary>
    [Setting("Absolute path of the directory with the cluster's secrets, mode 0700.")]
    public string Directory { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (!Path.IsPathFullyQualified(Directory))
        {
            yield return "secrets.directory: must be an absolute path";
        }
    }
}
