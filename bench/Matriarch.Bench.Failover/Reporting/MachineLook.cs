using System.Globalization;

namespace Matriarch.Bench.Failover;

/// <summary>What the machine is, and what else it does.</summary>
/// <param name="Cores">Of this program; with quotas of a container it may be less than the machine has.</param>
/// <param name="Kernel">Its release.</param>
/// <param name="Load">The load averages of 1, 5 and 15 minutes when the bench began.</param>
internal sealed record MachineLook(int Cores, string Kernel, string Load)
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>Looks now.</summary>
    public static async Task<MachineLook> TakeAsync() => new(
        Environment.ProcessorCount,
        (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(),
        string.Join(' ', (await File.ReadAllTextAsync(LoadFile)).Split(' ')[..3]));

    /// <summary>The load average of one minute.</summary>
    public static async Task<double> LoadAsync() => double.Parse(
        (await File.ReadAllTextAsync(LoadFile)).Split(' ')[0], CultureInfo.InvariantCulture);
}
