namespace Matriarch.Core;

/// <summary>Where an agent hears the authenticated UDP heartbeats of the others (docs/architecture.md,
/// step 1).</summary>
[OptionsSection("heartbeat")]
public sealed class HeartbeatOptions : IValidatedOptions
{
    /// <summary>Address of the UDP socket. The host is also what the other agents are told to send to.</summary>
    [Setting("host:port of the UDP socket for heartbeats; the other agents send to this address.")]
    public string Listen { get; set; } = "127.0.0.1:7302";

    public IEnumerable<string> Validate()
    {
        if (!ListenAddress.TryParse(Listen, out _))
        {
            yield return "heartbeat.listen: must be host:port, for example 127.0.0.1:7302";
        }
    }
}
