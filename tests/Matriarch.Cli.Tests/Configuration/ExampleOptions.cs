using Matriarch.Core;

namespace Matriarch.Cli.Tests.Configuration;

/// <summary>Options of every kind, as the subsystems have them.</summary>
[OptionsSection("example")]
internal sealed class ExampleOptions : IValidatedOptions
{
    [Setting("A text.")]
    public string Listen { get; set; } = "127.0.0.1:0";

    [Setting("A number, 1 to 65535.")]
    public int Port { get; set; } = 5432;

    [Setting("Bytes.")]
    public long MaxLagBytes { get; set; } = 1L << 40;

    [Setting("A switch.")]
    public bool IsObserver { get; set; }

    [Setting("A choice.")]
    public LogFormat LogFormat { get; set; } = LogFormat.Console;

    [Setting("A duration.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(1.2);

    [Setting("Words.")]
    public IReadOnlyList<string> Tags { get; set; } = [];

    [Setting("Pairs.")]
    public IReadOnlyDictionary<string, string> Parameters { get; set; } = new Dictionary<string, string>();

    [Setting("A secret.", IsSecret = true)]
    public string Password { get; set; } = "";

    [Setting("A secret number.", IsSecret = true)]
    public int Pin { get; set; }

    public string NotASetting { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (Port is < 1 or > 65535)
        {
            yield return $"example.port: {Port} is not between 1 and 65535";
        }

        if (LeaseDuration > TimeSpan.FromHours(1))
        {
            yield return "example.lease-duration: is longer than 1h";
        }
    }
}
