namespace Matriarch.Core;

/// <summary>Options that can tell what is wrong with them; checked once, when a process starts.</summary>
public interface IValidatedOptions
{
    /// <summary>
    /// One message per wrong setting, each starting with the setting's key, for example
    /// "consensus.lease-duration: must be longer than consensus.heartbeat-interval".
    /// </summary>
    IEnumerable<string> Validate();
}
