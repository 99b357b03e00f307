namespace Matriarch.Core;

/// <summary>Where a process answers its HTTP API. Requests carry the token of <c>secrets/api-token</c>.</summary>
[OptionsSection("api")]
public sealed class ApiOptions : IValidatedOptions
{
    /// <summary>Loopback by default: the API is not encrypted.</summary>
    [Setting("host:port of the HTTP API; keep it on a private address, it is not encrypted.")]
    public string Listen { get; set; } = "127.0.0.1:7301";

    /// <summary>
    /// Where load balancers and orchestrators ask how a node is, without a token; nothing else is answered there.
    /// Empty: on <see cref="Listen"/> only.
    /// </summary>
    [Setting("Of an agent: host:port of a second address that answers only the health endpoints; empty for none.")]
    public string HealthListen { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (!ListenAddress.TryParse(Listen, out _))
        {
            yield return "api.listen: must be host:port, for example 127.0.0.1:7301";
        }

        if (HealthListen.Length > 0 && !ListenAddress.TryParse(HealthListen, out _))
        {
            yield return "api.health-listen: must be empty or host:port, for example 0.0.0.0:8008";
        }
    }
}
