using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.Client;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>pg_recvlogical on the primary, started again on the next one.</summary>
internal sealed partial class StreamingSubscriber(RunningCluster cluster, string slot) : IAsyncDisposable
{
    public const string Program = "/usr/lib/postgresql/15/bin/pg_recvlogical";

    private readonly string _output = Path.Combine(cluster.Root, "received");
    private Process? _process;

    /// <summary>How many different ids it has.</summary>
    public int Received => Ids().Count;

    /// <summary>Begins again where the slot stands on the present primary, and waits until more has come.</summary>
    public async Task GoOnAsync()
    {
        var before = Received;
        var primary = await cluster.PrimaryAsync();
        End();
        var start = new ProcessStartInfo(
            Program,
            [
                "--host", "127.0.0.1", "--port", primary.Port.ToString(CultureInfo.InvariantCulture),
                "--username", "postgres", "--dbname", "postgres", "--no-password", "--slot", slot, "--start",
                "--file", _output, "--fsync-interval", "1", "--status-interval", "1",
            ])
        {
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = File.ReadAllText(
            Path.Combine(cluster.Root, "secrets", SecretNames.SuperuserPassword)).Trim();
        _process = Process.Start(start)!;
        await Eventually.HoldsAsync(
            "50 more changes in the stream", () => Received >= before + 50, TimeSpan.FromSeconds(60));
    }

    /// <summary>Those of the ids that it does not have.</summary>
    public List<long> Missing(IEnumerable<long> ids)
    {
        var received = Ids();
        return [.. ids.Where(id => !received.Contains(id))];
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    private HashSet<long> Ids()
    {
        if (!File.Exists(_output))
        {
            return [];
        }

        using var file = new FileStream(_output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. Inserted().Matches(reader.ReadToEnd())
            .Select(m => long.Parse(m.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"table public\.written: INSERT: id\[bigint\]:(\d+)\n", RegexOptions.CultureInvariant)]
    private static partial Regex Inserted();
}
