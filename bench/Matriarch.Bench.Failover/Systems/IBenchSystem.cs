using System.Collections.Immutable;

namespace Matriarch.Bench.Failover;

/// <summary>
/// A cluster of three nodes with synchronous replication, its store and its proxy, all in the lab. It ends with the
/// lab's processes and needs no stopping of its own.
/// </summary>
internal interface IBenchSystem
{
    /// <summary>As in the table.</summary>
    string Name { get; }

    /// <summary>Through the proxy to the primary, without a pool.</summary>
    string ConnectionString { get; }

    /// <summary>How long its own cycle is: a fault hits at a random moment of it.</summary>
    TimeSpan Cycle { get; }

    /// <summary>The versions of what it is made of.</summary>
    ImmutableSortedDictionary<string, string> Versions { get; }

    /// <summary>Makes and starts it.</summary>
    Task StartAsync();

    /// <summary>Whether it says of itself that a primary serves and that both others follow it.</summary>
    Task<bool> IsHealthyAsync();

    /// <summary>The node of the primary.</summary>
    /// <exception cref="InvalidOperationException">There is none at the moment.</exception>
    Task<string> PrimaryAsync();

    /// <summary>PGDATA of a node.</summary>
    string DataDirectory(string node);

    /// <summary>Starts again what runs on a node, after all of it was killed.</summary>
    void StartNode(string node);

    /// <summary>Copies the logs that are among the data to the others, before the data is removed.</summary>
    void KeepLogs();

    /// <summary>A planned change of the leader, as an operator asks for it; returns when it is done.</summary>
    Task SwitchoverAsync();
}
