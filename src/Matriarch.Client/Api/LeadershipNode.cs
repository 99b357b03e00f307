using Matriarch.Core;

namespace Matriarch.Client;

/// <summary>A node in a <see cref="LeadershipDocument"/>.</summary>
/// <param name="Name">The node.</param>
/// <param name="Cell">Its failure domain.</param>
/// <param name="Role">What it is to clients.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Host">Where its PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Api">host:port of its agent's API.</param>
/// <param name="LagBytes">WAL not replayed yet; null when not known. Renewed at most once a second.</param>
/// <param name="Tags">Words by which clients may ask for it.</param>
public sealed record LeadershipNode(
    string Name, string Cell, NodeRole Role, NodeState State, string Host, int Port, string Api, long? LagBytes,
    IReadOnlyList<string> Tags);
