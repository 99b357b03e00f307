namespace Matriarch.Bench.Failover;

/// <summary>What --help says.</summary>
internal static class Usage
{
    public const string Text = """
        Measures how long clients cannot write when a primary fails, of Matriarch and of Patroni with HAProxy and etcd.
        Everything runs in network namespaces of its own, as root, and is removed at the end.

          bench/failover [options]

          --runs N            runs of each fault of Matriarch (30)
          --peer P            none or patroni (none)
          --peer-runs N       runs of each fault of the peer (5): it is down for 20 s and more in some
          --peer-settings S   default (ttl 30, loop_wait 10, retry_timeout 10), lowest (20, 1, 3) or both (default)
          --faults LIST       of node,postgres,switchover,isolated (all)
          --clients N         clients that write at the same time (4)
          --seed N            of the moments at which faults hit (1)
          --output FILE       the figures of every run as JSON, kept current while it runs
          --logs DIR          where the logs of all processes stay (removed otherwise)
          --directory DIR     where the data directories are made (the directory for temporary files)
          --no-build          measure what was built before
          --no-install        say what is missing instead of installing it

        The status is 0 when every run came to its end and no acknowledged write was lost, 1 otherwise, 2 for a mistake
        in the call.

        """;
}
